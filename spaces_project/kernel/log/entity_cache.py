"""Entities that were loaded before: what is kept is never changed, only copied."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from spaces_project.kernel.entity import Entity

SWEEP_S: Final = 5.0
DOUBTS: Final = 8


class EntityCache:
    """Keeps the entities that were used last, each only as long as its key is at hand.

    What is kept is what the log said at some version, so it is never wrong, only perhaps old. A
    stream that another process turned out to write as well is *doubted*: a command asks the log
    for news of it, until the log has had none eight times in a row.

    :param most: entities that are kept.
    :param is_at_hand: tells whether a key can be used without asking for it.
    """

    def __init__(self, most: int, is_at_hand: Callable[[UUID], bool]) -> None:
        self._most = most
        self._is_at_hand = is_at_hand
        self._kept: OrderedDict[UUID, Entity] = OrderedDict()
        self._doubts: dict[UUID, int] = {}
        self._swept_at = 0.0
        self._lock = threading.Lock()

    def copy_of(self, entity_id: UUID) -> Entity | None:
        """Return a copy of what is kept, which may be older than the log; None if nothing is."""
        with self._lock:
            self._sweep()
            kept = self._kept.get(entity_id)
            if kept is None:
                return None
            self._kept.move_to_end(entity_id)
        return kept.copy() if self._is_at_hand(kept.key_id) else None

    def keep(self, entity: Entity) -> None:
        """Keep a copy, unless a newer one is kept already, or its key is not at hand.

        An id that somebody made up has no key, and takes nobody's place.
        """
        if not self._is_at_hand(entity.key_id):
            return
        copy = entity.copy()
        with self._lock:
            kept = self._kept.get(entity.id)
            if kept is not None and kept.version >= copy.version:
                return
            self._kept[entity.id] = copy
            self._kept.move_to_end(entity.id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def is_doubted(self, entity_id: UUID) -> bool:
        """Tell whether the log may well have news of an entity."""
        return entity_id in self._doubts

    def heard(self, entity_id: UUID, *, news: bool) -> None:
        """Be told what came of asking the log for news of an entity."""
        with self._lock:
            left = self._doubts.pop(entity_id, 0)
            if left and (news or left > 1):
                self._doubts[entity_id] = DOUBTS if news else left - 1

    def doubt(self, loaded: Iterable[tuple[UUID, int]]) -> None:
        """Doubt the streams of a decision that came too late.

        A newer one that is kept here explains it: then it was another thread of this process.
        """
        with self._lock:
            for entity_id, version in loaded:
                kept = self._kept.get(entity_id)
                if kept is not None and kept.version <= version:
                    self._doubts[entity_id] = DOUBTS
            while len(self._doubts) > self._most:
                del self._doubts[next(iter(self._doubts))]

    def evict(self, loaded: Iterable[tuple[UUID, int]]) -> None:
        """Forget streams: the next load reads them whole."""
        with self._lock:
            for entity_id, _ in loaded:
                self._kept.pop(entity_id, None)

    def begin_anew(self) -> None:
        """Begin empty after a fork, whoever held the lock in the parent."""
        self._kept, self._doubts = OrderedDict(), {}
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._doubts.clear()

    def _sweep(self) -> None:
        """Drop what may not be used any more, also if nobody asks for it."""
        now = time.monotonic()
        if now > self._swept_at + SWEEP_S:
            self._swept_at = now
            for entity_id, kept in list(self._kept.items()):
                if not self._is_at_hand(kept.key_id):
                    del self._kept[entity_id]
