"""A room that grows and shrinks by itself, and viewers who keep what they were told."""

import random
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
import pytest

from accounts.queries import Person
from rooms import consumers, looking, queries
from rooms.announcements import announce
from rooms.channel import ANEW, RoomChannel
from rooms.domain.events import (
    HandLowered,
    HandRaised,
    Joined,
    Left,
    RoomStarted,
    Seated,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerUnmuted,
    Unseated,
)
from rooms.domain.stage import Card, Stage
from rooms.domain.words import Role, RoomState, Seat
from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets.channel import BEHIND
from spaces_project.kernel.sockets.connection import SocketConnection
from tests.consumers.test_connections import Protocol, written

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOST: Final = UUID(int=1)
Frame = dict[str, Any]
Found = TypeVar("Found")


def person(number: int) -> UUID:
    """Return somebody of the crowd."""
    return UUID(int=1000 + number)


def frames_in(data: bytes) -> Iterator[Frame]:
    """Yield the messages of unmasked text frames (RFC 6455, section 5.2)."""
    at = 0
    while at < len(data):
        length, head = data[at + 1], 2
        if length > 125:
            head = 4 if length == 126 else 10
            length = int.from_bytes(data[at + 2 : at + head], "big")
        yield orjson.loads(data[at + head : at + head + length])
        at += head + length


def at_once(work: Coroutine[Any, Any, Found]) -> Found:
    """Return what a coroutine returns that waits for nothing; a browser's loop may run here."""
    try:
        work.send(None)
    except StopIteration as end:
        found: Found = end.value
        return found
    raise AssertionError("it waits")


class Names(dict[UUID, Person]):
    """Everybody is called by a number."""

    def get(self, account_id: UUID, _default: Any = None) -> Person:
        return Person(account_id, f"h{account_id.int}", f"P{account_id.int}")


async def _nobody(*_: object) -> None:
    """Warn nobody."""


class Evening:
    """A room as the hub has it, its log, and the clock of its ticks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stage = Stage(UUID(int=7), state=RoomState.LIVE)
        stage.card = Card(HOST, "Tea", "", [], 10, NOON)
        stage.creator_id = HOST
        stage.seats[HOST] = Seat(Role.HOST)
        self.channel = RoomChannel(stage)
        self.log: list[Recorded] = []
        self.now = 1000.0
        self.follows: dict[UUID, list[UUID]] = {}
        names, mine = Names(), self.follows
        monkeypatch.setattr(queries, "events_of", self._page)
        monkeypatch.setattr(queries, "last_seq", lambda _room: len(self.log))
        monkeypatch.setattr(queries, "followed_by", lambda who: mine.get(who, []))
        monkeypatch.setattr(queries, "with_relation", lambda viewer, _view: viewer)
        monkeypatch.setattr(consumers, "warn_again", _nobody)
        monkeypatch.setattr(consumers, "people_named", lambda _page: names)
        monkeypatch.setattr(looking, "people_in", lambda _views: names)
        self.happens((RoomStarted, HOST))

    def happens(self, *what: tuple[type[DomainEvent], UUID], by: UUID | None = None) -> None:
        """Let things happen in one moment, each done by whom it concerns if nobody else is said."""
        told = []
        for kind, who in what:
            seq = len(self.log) + 1
            about = {} if kind is RoomStarted else {"account_id": who}
            happened = kind(
                originator_id=self.channel.stage.room_id,
                originator_version=seq,
                at=NOON + timedelta(seconds=seq),
                by=by or who,
                **about,
            )
            recorded = Recorded(seq, self.channel.stage.room_id, seq, happened)
            self.log.append(recorded)
            needs = self.channel.needs_words(happened)
            told.append((recorded, announce(recorded, Names()) if needs else None))
        self.channel.take(told)

    def tick(self) -> None:
        """Let a second pass."""
        self.now += 1
        self.channel.tick(self.now)

    def _page(self, _room_id: UUID, after: int, limit: int) -> list[Recorded]:
        return self.log[after : after + limit]


class Hub:
    """What the consumer asks of the hub."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    async def in_thread(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return work(*args, **kwargs)

    def join(self, channel: RoomChannel, connection: SocketConnection) -> None:
        connection.channel, connection.live = channel, True
        channel.add(connection)
        channel.pump(connection)
        if not channel.is_told_rightly(connection):
            channel.begin_anew(connection)


class Viewer:
    """One person's client: keeps every frame over as many connections as it takes."""

    def __init__(self, evening: Evening, who: UUID) -> None:
        self.evening, self.who = evening, who
        self.frames: list[Frame] = []
        self.seq: int | None = None
        self.epoch: str | None = None
        self.gaps = 0
        self.connection: SocketConnection | None = None

    def connect(self) -> None:
        """Open a socket, and go on where the last one ended."""
        identity = Identity(self.who, frozenset(), NOON + timedelta(days=9999))
        self.connection = SocketConnection(Protocol(), identity)
        self.socket = consumers.RoomSocket()
        self.socket.hub = Hub(self.evening)  # type: ignore[assignment]
        self._kept = 0
        self.connection.epoch = self.epoch or "1"
        self._bring_up(self.seq)

    def disconnect(self) -> None:
        """Close it."""
        assert self.connection is not None
        self.read()
        self.evening.channel.discard(self.connection)
        self.connection = None

    def read(self) -> list[Frame]:
        """Take what has come, as a client does; let the consumer do its part."""
        if self.connection is None:
            return []
        while len(self.connection.protocol.kept) > self._kept:
            item = self.connection.protocol.kept[self._kept]
            self._kept += 1
            assert item is BEHIND or item is ANEW
            self._bring_up(self.connection.cursor)
        new = list(frames_in(written(self.connection)))
        self.connection.transport.pieces.clear()
        for frame in new:
            self._take(frame)
        return new

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame["type"] == "snapshot":
            self.seq, self.epoch = frame["seq"], frame["epoch"]
        elif "seq" in frame:
            self.gaps += frame.get("from", frame["seq"]) != (self.seq or 0) + 1
            self.seq = frame["seq"]

    def _bring_up(self, after: int | None) -> None:
        assert self.connection is not None
        at_once(self.socket._bring_up(self.evening.channel, self.connection, after))


def go_on(evening: Evening, chance: random.Random, size: int) -> None:
    """Let something random happen; the room drifts towards a size."""
    stage = evening.channel.stage
    inside = [a for a in stage.present if a not in stage.seats]
    outside = [p for p in map(person, range(60)) if p not in stage.present and p not in stage.seats]
    chosen, speakers = chance.random(), [a for a in stage.seats if a != HOST]
    if chosen < 0.5:
        if len(inside) < size and outside:
            several = chance.sample(outside, min(len(outside), chance.randrange(1, 6)))
            evening.happens(*((Joined, who) for who in several))
        elif inside:
            evening.happens((Left, chance.choice(inside)))
    elif chosen < 0.7 and inside:
        who = chance.choice(inside)
        evening.happens((HandLowered if who in stage.hands else HandRaised, who))
    elif chosen < 0.8 and inside and len(stage.seats) < 5:
        who = chance.choice(inside)
        evening.happens((SpeakerPromoted, who), (Seated, who))
    elif chosen < 0.87 and speakers:
        who = chance.choice(speakers)
        evening.happens((SpeakerDemoted, who), (Unseated, who))
    else:
        who = chance.choice(list(stage.seats))
        evening.happens((SpeakerUnmuted if stage.seats[who].muted else SpeakerMuted, who))


def shown(state: Frame) -> Frame:
    """Return what of a room's state must be right in a crowd too."""
    return {
        "participant_count": state["participant_count"],
        "hand_count": state["hand_count"],
        "seats": [(seat["account_id"], seat["role"], seat["muted"]) for seat in state["seats"]],
        "role": state["viewer"]["role"],
        "hand_position": state["viewer"]["hand_position"],
    }


def listed(state: Frame, among: list[UUID]) -> set[str]:
    """Return which of some people a state lists as listeners."""
    names = {public("acc", who) for who in among}
    return names & {listener["account_id"] for listener in state["listeners"]}
