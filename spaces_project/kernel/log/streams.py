"""Entities from their streams: from the cache where that is allowed, else from the log."""

from typing import Final, TypeVar
from uuid import UUID

from spaces_project.kernel.entity import Entity
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.entity_cache import EntityCache
from spaces_project.kernel.log.grounds import Grounds, current_grounds
from spaces_project.kernel.log.mapper import SealedMapper
from spaces_project.kernel.log.recorder import LogRecorder
from spaces_project.kernel.refusals import Refusal

EntityT = TypeVar("EntityT", bound=Entity)
CACHED_ENTITIES: Final = 10_000  # about 10 MB
NEWEST: Final = 2**62


class Streams:
    """Loads entities.

    Inside a command what is cached is taken as it is, and remembered in the command's grounds.
    Everywhere else, and when a command decides again, the log is asked for what is behind it.
    """

    def __init__(self, recorder: LogRecorder, mapper: SealedMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self.cache = EntityCache(CACHED_ENTITIES, lambda key_id: key_store().is_at_hand(key_id))
        recorder.datastore.begun_anew.append(self.cache.begin_anew)

    def load(
        self,
        entity_type: type[EntityT],
        entity_id: UUID,
        version: int | None,
        otherwise: type[Refusal],
    ) -> EntityT:
        """Return an entity that has a history, now or at a version.

        :raises Refusal: of the type ``otherwise``, if there is no such entity.
        """
        known = self._known(entity_id, version)
        if known is not None and not isinstance(known, entity_type):
            raise otherwise
        entity = known or entity_type(entity_id)
        self._bring_forward(entity, version, is_known=known is not None)
        if not entity.version:
            raise otherwise
        return entity

    def fill(self, entity: EntityT, version: int | None) -> EntityT:
        """Apply an entity's history, which may be empty, to it, and return it.

        Whatever else the entity was made with belongs to its id: two with the same id are equal.
        """
        known = self._known(entity.id, version)
        is_known = type(known) is type(entity)
        if is_known:
            vars(entity).update(vars(known))
        self._bring_forward(entity, version, is_known=is_known)
        return entity

    def came_too_late(self, grounds: Grounds) -> None:
        """Learn from a decision that the log refused, because a stream had gone on."""
        if grounds.fresh:
            self.cache.evict(grounds.loaded)
        else:
            self.cache.doubt(grounds.loaded)

    def _known(self, entity_id: UUID, version: int | None) -> Entity | None:
        known = self.cache.copy_of(entity_id)
        return known if known is None or version is None or known.version <= version else None

    def _bring_forward(self, entity: Entity, version: int | None, *, is_known: bool) -> None:
        grounds = current_grounds() if version is None else None
        known_version = entity.version
        if is_known and grounds and not grounds.fresh:
            if not self.cache.is_doubted(entity.id):
                grounds.add(entity.id, known_version, asked=False)
                return
        elif is_known and known_version == version:
            return
        until = NEWEST if version is None else version
        news = self._recorder.of_stream(entity.id, known_version, until)
        self._mapper.replay(entity, news)
        if version is None:
            self.cache.heard(entity.id, news=bool(news))
            # That nothing has happened is worth knowing where it is asked again and again.
            if news or (grounds and not is_known):
                self.cache.keep(entity)
        if grounds:
            grounds.add(entity.id, entity.version, asked=True)
