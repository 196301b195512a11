"""The product's log filled with a story, and the lobby as its two kinds of read model keep it.

Imported inside a house only: it asks Django for its settings.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
import psycopg

from bench.lobbies.statements import CHANGES, COUNTS, CREATE, STATES
from bench.lobbies.story import Kind, Step
from rooms.domain.eligibility import Eligibility
from rooms.domain.events import ParticipationEvent, RoomCreated, RoomEvent
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from spaces_project.kernel.entity import DomainEvent, event_classes
from spaces_project.kernel.following.pipeline import write
from spaces_project.kernel.following.read_model import FoldReadModel, ReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import Recorded, event_log

AT: Final = datetime(2026, 11, 20, 20, tzinfo=UTC)
NAMES: Final = UUID("6b0f7c70-6d1f-4c3e-9d0a-0d3f0a3c8f11")
CLASSES: Final = {kind: event_classes()[f"rooms.{kind}"] for kind in Kind}
KINDS: Final = {known: kind for kind, known in CLASSES.items()}
_COPY: Final = (
    "COPY log_events (originator_id, originator_version, topic, state, room_id, seq) FROM STDIN"
)


def store(steps: Iterable[Step], url: str) -> int:
    """Encrypt a story and copy it into the log; return how many events it has."""
    versions: dict[UUID, int] = {}
    seqs: dict[UUID, int] = {}
    mapper, stored = event_log().mapper, 0
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copied,
    ):
        for step in steps:
            room = _id("room", step.room)
            if step.kind is Kind.CREATED:
                key_store().make([room])
            stream = _stream(step, room)
            versions[stream] = versions.get(stream, 0) + 1
            seqs[room] = seqs.get(room, 0) + 1
            event = mapper.to_stored_event(_event(step, stream, versions[stream]), room)
            copied.write_row((stream, versions[stream], event.topic, event.state, room, seqs[room]))
            stored += 1
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE log_events")
    return stored


def _stream(step: Step, room: UUID) -> UUID:
    if issubclass(CLASSES[step.kind], RoomEvent):
        return room
    return _id("part", step.room, step.who)


def _event(step: Step, stream: UUID, version: int) -> DomainEvent:
    facts: dict[str, Any] = {"originator_id": stream, "originator_version": version, "at": AT}
    facts["by"] = _id("account", step.room, step.who)
    if step.kind is Kind.CREATED:
        return RoomCreated(
            **facts,
            host_id=facts["by"],
            title=f"Room {step.room:06}",
            description="What we talk about tonight",
            topic_ids=["music"],
            audience_policy=AudiencePolicy.PUBLIC,
            speak_policy=SpeakPolicy.EVERYONE,
            seat_policy=SeatPolicy(13, 2),
            eligibility=_ELIGIBLE,
        )
    if step.kind is Kind.ENDED:
        facts["reason"] = "over"
    elif step.kind is not Kind.STARTED:
        facts["account_id"] = facts["by"]
    return CLASSES[step.kind](**facts)


def _id(kind: str, *numbers: int) -> UUID:
    return uuid5(NAMES, f"{kind} {numbers}")


_ELIGIBLE: Final = Eligibility(preset="classic", followers=0, followers_needed=0)


class PlainLobby(ReadModel):
    """The lobby by one statement an event."""

    name = "bench_lobby_plain"
    tables = ("bench_lobby",)
    listen_to = (RoomEvent, ParticipationEvent)
    only_writes = True

    def apply(self, recorded: Recorded) -> None:
        """Send the statement of one event."""
        happened = recorded.event
        if isinstance(happened, RoomCreated):
            write(CREATE, (recorded.room_id, happened.title))
        else:
            write(CHANGES[KINDS[type(happened)]], (recorded.room_id,))


class LobbyCells(msgspec.Struct):
    """A row of the lobby."""

    room_id: UUID
    title: str
    state: str = "scheduled"
    inside: int = 0
    hands: int = 0
    speakers: int = 0
    version: int = 1


LOBBY_ROWS: Final = Table("bench_lobby", LobbyCells, key=("room_id",))
_STEPS: Final = {CLASSES[kind]: (*steps, STATES.get(kind)) for kind, steps in COUNTS.items()}


class FoldedLobby(FoldReadModel):
    """The lobby by a fold."""

    name = "bench_lobby_fold"
    folded = (LOBBY_ROWS,)
    listen_to = (RoomEvent, ParticipationEvent)

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the room."""
        yield LOBBY_ROWS, recorded.room_id

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Count one event."""
        happened = recorded.event
        if isinstance(happened, RoomCreated):
            assert recorded.room_id
            rows[LOBBY_ROWS].add(recorded.room_id, LobbyCells(recorded.room_id, happened.title))
            return
        room = rows[LOBBY_ROWS].change(recorded.room_id)
        assert room
        inside, hands, speakers, state = _STEPS[type(happened)]
        room.inside += inside
        room.hands += hands
        room.speakers += speakers
        room.version += 1
        if state:
            room.state = state
