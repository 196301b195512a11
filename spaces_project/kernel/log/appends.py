"""What is stored together or not at all, and how many of them travel in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from spaces_project.kernel.log.arrays import (
    PgArray,
    bigints,
    booleans,
    byteas,
    integers,
    texts,
    uuids,
)

CALL: Final = (
    "SELECT answer_positions, answer_seqs FROM log_append("
    "%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::int[],"
    " %b::uuid[], %b::int[], %b::boolean[], %b::boolean[],"
    " %b::uuid[], %b::bytea[], %b::uuid[], %b::bigint[], %b::int[], %b::int[],"
    " %b::uuid[], %b::bigint[], %b::int[])"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command is answered with: its receipt, but for the place in the log."""

    command_id: UUID
    fingerprint: bytes
    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Append:
    """What is stored together or not at all.

    :param room_id: the room in whose sequence all of it is counted; None: in none.
    :param needs_open_room: conflict if the room was closed meanwhile.
    :param closes_room: nothing that needs an open room is appended behind it.
    :param answers: one from a command; many from a mailbox.
    :param unchanged: streams and versions that the decision read but does not add to: conflict if
        one has gone on. In the append's own room this is exact, because its row is held; elsewhere
        it is so at the moment of looking.
    """

    stored_events: Sequence[StoredEvent]
    room_id: UUID | None
    needs_open_room: bool
    closes_room: bool
    answers: Sequence[Answer]
    unchanged: Sequence[tuple[UUID, int]] = ()


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """Where the first answer to a command stands."""

    replayed: bool
    stream: UUID
    version: int
    position: int
    seq: int | None
    fingerprint: bytes


Place = tuple[int, int | None]  # position in the log, seq in the room


def as_arguments(appends: Sequence[Append]) -> tuple[PgArray, ...]:
    """Return the arguments of ``log_append`` that store these groups, in this order."""
    rooms = sorted({append.room_id for append in appends if append.room_id is not None})
    room_places: dict[UUID | None, int] = {room: place for place, room in enumerate(rooms, 1)}
    events: list[StoredEvent] = []
    event_groups: list[int] = []
    answers: list[Answer] = []
    answer_groups: list[int] = []
    answer_events: list[int] = []
    read: list[tuple[UUID, int]] = []
    read_groups: list[int] = []
    for group, append in enumerate(appends, 1):
        answer_events += _last_events(append, len(events))
        answer_groups += [group] * len(append.answers)
        answers += append.answers
        event_groups += [group] * len(append.stored_events)
        events += append.stored_events
        read_groups += [group] * len(append.unchanged)
        read += append.unchanged
    return (
        uuids([event.originator_id for event in events]),  # type: ignore[misc]
        bigints([event.originator_version for event in events]),
        texts([event.topic for event in events]),
        byteas([event.state for event in events]),
        integers(event_groups),
        uuids(rooms),
        integers([room_places.get(append.room_id, 0) for append in appends]),
        booleans([append.needs_open_room for append in appends]),
        booleans([append.closes_room for append in appends]),
        uuids([answer.command_id for answer in answers]),
        byteas([answer.fingerprint for answer in answers]),
        uuids([answer.stream for answer in answers]),
        bigints([answer.version for answer in answers]),
        integers(answer_groups),
        integers(answer_events),
        uuids([stream for stream, _ in read]),
        bigints([version for _, version in read]),
        integers(read_groups),
    )


def by_append(
    appends: Sequence[Append], positions: Sequence[int | None], seqs: Sequence[int | None]
) -> list[list[Place] | None]:
    """Return what ``log_append`` answered: for each group the places of its answers.

    None for a group that is not stored.
    """
    found: list[list[Place] | None] = []
    first = 0
    for append in appends:
        behind = first + len(append.answers)
        places = [
            (position, seq)
            for position, seq in zip(positions[first:behind], seqs[first:behind], strict=True)
            if position is not None
        ]
        found.append(places or None)
        first = behind
    return found


def _last_events(append: Append, before: int) -> list[int]:
    """Return for each answer the place of its last event among all events, 0 if there is none.

    A single answer stands for the whole append. Each of several stands for what its own command
    added: up to the event that made its stream's version.
    """
    count = len(append.stored_events)
    if count == 0:
        return [0] * len(append.answers)
    if len(append.answers) == 1:
        return [before + count]
    made = {
        (event.originator_id, event.originator_version): before + place
        for place, event in enumerate(append.stored_events, 1)
    }
    return [made.get((a.stream, a.version), before + count) for a in append.answers]
