"""The event log as commands, projections and feeds see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, Mapper
from eventsourcing.utils import Environment

from spaces_project.kernel.entity import DomainEvent, Entity
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.grounds import DecidedOnCache, current_grounds
from spaces_project.kernel.log.horizon import Fetch
from spaces_project.kernel.log.library import LogFactory, NoTranscoder
from spaces_project.kernel.log.mapper import SealedMapper
from spaces_project.kernel.log.recorder import Answer, Append, LogRecorder, StoredReceipt, StoredRow
from spaces_project.kernel.log.snapshots import Snapshots
from spaces_project.kernel.log.streams import Streams
from spaces_project.kernel.log.wish import Wish, check_expected_version, current_wish
from spaces_project.kernel.once import once
from spaces_project.kernel.refusals import KeyReused, NotFound, Refusal

EntityT = TypeVar("EntityT", bound=Entity)
EVERYTHING: Final = 2**62


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event and where it stands: ``position`` in the log, ``seq`` in its room."""

    position: int
    room_id: UUID | None
    seq: int | None
    event: DomainEvent


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a command that was carried out, the same for every retry of it."""

    entity_id: UUID
    version: int
    position: int
    seq: int | None
    replayed: bool = False
    entity: Entity | None = field(default=None, compare=False)


class EventLog(Application[UUID]):
    """One log for all apps."""

    name = "log"
    recorder: LogRecorder
    mapper: SealedMapper

    def __init__(self) -> None:
        super().__init__({"CREATE_TABLE": "no"})
        self.streams = Streams(self.recorder, self.mapper)
        self.snapshot_store = Snapshots(self.recorder.ask)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Return the factory of this log."""
        return LogFactory(env)

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper that seals payloads."""
        return SealedMapper(NoTranscoder())

    def construct_recorder(self) -> ApplicationRecorder:
        """Return the recorder of ``log_events``."""
        return self.factory.application_recorder()

    def load(
        self,
        entity_type: type[EntityT],
        entity_id: UUID,
        *,
        version: int | None = None,
        otherwise: type[Refusal] = NotFound,
    ) -> EntityT:
        """Return an entity as its events make it, now or at a version.

        :raises Refusal: of the type ``otherwise``, if there is no such entity.
        """
        return self.streams.load(entity_type, entity_id, version, otherwise)

    def fill(self, entity: EntityT, *, version: int | None = None) -> EntityT:
        """Apply an entity's history, which may be empty, to it, and return it."""
        return self.streams.fill(entity, version)

    def append(self, *entities: Entity, answer_with: Entity | None = None) -> Receipt:
        """Store what the entities decided, in one transaction with the receipt of the command.

        :param answer_with: what the command is about; the first entity, if not given.
        :raises KeyReused: if the command id was used for another wish.
        :raises eventsourcing.persistence.IntegrityError: if somebody else was faster.
        """
        about = answer_with or entities[0]
        wish, grounds = current_wish(), current_grounds()
        check_expected_version(about.version - len(about.pending_events))
        room_id = next((e.room_id for e in entities if e.room_id), None)
        before = {e.id: e.version - len(e.pending_events) for e in entities if e.pending_events}
        pending = [(happened, e.key_id) for e in entities for happened in e.collect_events()]
        if not pending and not wish.may_be_a_retry:
            if grounds and grounds.trusts_cache:
                raise DecidedOnCache
            seq = self.recorder.last_seq(room_id) if room_id else None
            newest = self.recorder.newest()
            return Receipt(about.id, about.version, newest, seq, entity=about)
        key_store().make({key_id for _, key_id in pending})
        (kept,) = self.recorder.append(
            Append(
                [self.mapper.to_stored_event(happened, key_id) for happened, key_id in pending],
                room_id=room_id,
                needs_open_room=any(happened.NEEDS_OPEN_ROOM for happened, _ in pending),
                closes_room=any(happened.CLOSES_ROOM for happened, _ in pending),
                answers=[Answer(wish.command_id, wish.fingerprint, about.id, about.version)],
                unchanged=grounds.unchanged_beside(before) if grounds else (),
            )
        )
        if not kept.replayed:
            for entity in entities:
                if entity.id in before:
                    self.streams.cache.keep(entity)
        return _receipt(kept, wish, about)

    def receipt(self, wish: Wish) -> Receipt | None:
        """Return the receipt of a wish that was carried out, None if it was not.

        :raises KeyReused: if the command id was used for another wish.
        """
        kept = self.recorder.receipt(wish.command_id)
        return _receipt(kept, wish, None) if kept else None

    def read(self, after: int, limit: int = 500) -> list[Recorded]:
        """Return the events behind a position, in order.

        :raises UnreadableEvent: if one of them cannot be read: no view goes past it.
        """
        rows = self.recorder.after(after, limit)
        open_event = self.mapper.opener(rows)
        return [
            Recorded(position, room_id, seq, open_event(stream, version, topic, state))
            for position, stream, version, topic, state, room_id, seq in rows
        ]

    def read_live(self, after: int, limit: int = 500) -> list[Recorded]:
        """Return the events behind a position, with a marker for each that cannot be read."""
        return self.look_live(after, limit)[0]

    def look_live(
        self, after: int, limit: int, fetch: Fetch | None = None
    ) -> tuple[list[Recorded], bool]:
        """Return the same, and whether it is all that could be seen when this began.

        :param fetch: what reads it, if somebody has a connection of his own.
        """
        found, is_all = self.recorder.look(after, limit, fetch)
        return self._with_markers(found), is_all

    def read_room(
        self, room_id: UUID, after: int = 0, until: int = EVERYTHING, limit: int = 1000
    ) -> list[Recorded]:
        """Return one page of a room's events with after < seq <= until, with markers."""
        return self._with_markers(self.recorder.of_room(room_id, after, until, limit))

    def read_place(
        self, key: UUID, *, in_room: bool, first: int, last: int, limit: int = 500
    ) -> list[Recorded]:
        """Return the events of a room, or of a stream outside of rooms, with markers.

        :param first: and ``last``: the positions between which they stand.
        """
        return self._with_markers(
            self.recorder.of_place(key, in_room=in_room, first=first, last=last, limit=limit)
        )

    def history(
        self, room_id: UUID, until: int = EVERYTHING, *, after: int = 0
    ) -> Iterator[Recorded]:
        """Yield a room's events with after < seq <= until, page by page."""
        while page := self.read_room(room_id, after, until):
            yield from page
            after = page[-1].seq or 0

    def head(self) -> int:
        """Return the newest position that a reader may begin behind: it misses nothing later."""
        return self.recorder.head()

    def _with_markers(self, rows: Sequence[StoredRow]) -> list[Recorded]:
        return list(map(_recorded, rows, self.mapper.events_or_markers(rows)))


def _recorded(row: StoredRow, happened: DomainEvent) -> Recorded:
    return Recorded(row.position, row.room_id, row.seq, happened)


def _receipt(kept: StoredReceipt, wish: Wish, entity: Entity | None) -> Receipt:
    if kept.replayed and bytes(kept.fingerprint) != wish.fingerprint:
        raise KeyReused
    return Receipt(
        kept.stream,
        kept.version,
        kept.position,
        kept.seq,
        replayed=kept.replayed,
        entity=None if kept.replayed else entity,
    )


@once
def event_log() -> EventLog:
    """Return this process's event log."""
    return EventLog()
