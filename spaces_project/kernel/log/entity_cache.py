"""Entities that were loaded before: what is kept is never changed, only copied."""

import threading
from collections import OrderedDict
from copy import deepcopy
from uuid import UUID

from spaces_project.kernel.entity import Entity


class EntityCache:
    """Keeps the entities that were used last.

    The library's own cache brings the kept object forward in place while others copy it; here a
    caller brings its own copy forward, so that no lock is held while events are applied.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, Entity] = OrderedDict()
        self._lock = threading.Lock()

    def copy_of(self, entity_id: UUID) -> Entity | None:
        """Return a copy of what is kept, which may be older than the log; None if nothing is."""
        with self._lock:
            kept = self._kept.get(entity_id)
            if kept is None:
                return None
            self._kept.move_to_end(entity_id)
        return deepcopy(kept)

    def keep(self, entity: Entity) -> None:
        """Keep a copy, unless a newer one is kept already."""
        copy = deepcopy(entity)
        with self._lock:
            kept = self._kept.get(entity.id)
            if kept is not None and kept.version >= copy.version:
                return
            self._kept[entity.id] = copy
            self._kept.move_to_end(entity.id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
