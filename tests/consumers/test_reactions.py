"""Reactions: counted, told once a second, kept for the replay, and no event."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from rooms.domain.reactions import EMOJI, known_emoji
from rooms.reactions.collecting import Collector
from rooms.reactions.counts import Counted, add, reactions_between
from rooms.reactions.telling import MOST_TOLD, ReactionTeller
from spaces_project.kernel.signals import Exchange
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

pytestmark = pytest.mark.databases
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOM, OTHER = UUID(int=1), UUID(int=2)
CLAP, FIRE = "👏", "🔥"


@pytest.fixture
def talk(web: Web) -> Talk:
    del web
    return Talk()


@pytest.fixture
def guest(talk: Talk) -> Person:
    found = somebody("Guest")
    talk.join(found)
    return found


@pytest.fixture
def stranger(talk: Talk) -> Person:
    del talk
    return somebody("Stranger")


def test_there_are_twelve_and_each_is_known_however_it_is_typed() -> None:
    assert len(set(EMOJI)) == 12
    assert [known_emoji(emoji) for emoji in EMOJI] == list(EMOJI)
    assert known_emoji("❤") == "❤️"
    assert known_emoji("🍕") is None
    assert known_emoji("") is None


def test_a_room_is_told_the_sum_at_most_once_a_second() -> None:
    told: list[tuple[UUID, Any]] = []
    teller = ReactionTeller(lambda room, frame: told.append((room, orjson.loads(frame[2:]))))
    for tenth in range(31):
        for _ in range(10):
            teller.hear({"room": ROOM.hex, "counts": {CLAP: 1}})
        teller.tell(1000 + tenth / 10)

    frames = [message["counts"] for _, message in told]
    assert len(frames) == 4
    assert sum(counts[CLAP] for counts in frames) == 310
    assert {message["type"] for _, message in told} == {"reactions"}
    teller.tell(1010)
    assert teller._told_at == {}


def test_rooms_are_told_apart_and_what_is_no_emoji_is_told_to_nobody() -> None:
    told: dict[UUID, Any] = {}
    teller = ReactionTeller(lambda room, frame: told.update({room: orjson.loads(frame[2:])}))

    teller.hear({"room": ROOM.hex, "counts": {CLAP: 2, "<script>": 5}})
    teller.hear({"room": OTHER.hex, "counts": {FIRE: 10**9}})
    teller.tell(1000)

    assert told[ROOM]["counts"] == {CLAP: 2}
    assert told[OTHER]["counts"] == {FIRE: MOST_TOLD}


@pytest.mark.usefixtures("filled")
def test_counts_add_up_and_are_found_by_their_second() -> None:
    room = UUID(int=99)
    later = NOON + timedelta(seconds=1)
    add({Counted(room, NOON, CLAP): 3, Counted(room, later, FIRE): 1})
    add({Counted(room, NOON, CLAP): 4, Counted(OTHER, NOON, CLAP): 9})

    assert reactions_between(room, NOON, later) == [(NOON, CLAP, 7)]
    assert reactions_between(room, NOON, NOON + timedelta(hours=1)) == [
        (NOON, CLAP, 7),
        (later, FIRE, 1),
    ]


def test_a_thousand_reactions_are_one_statement_and_one_signal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Counter[Counted]] = []
    exchange, said = Exchange(), list[dict[str, Any]]()
    exchange.subscribe("reactions", said.append)
    monkeypatch.setattr("rooms.reactions.collecting.publish", exchange.publish)
    monkeypatch.setattr("rooms.reactions.collecting.add", kept.append)
    collector = Collector()
    for _ in range(1000):
        collector.add(ROOM, CLAP)

    collector.say()
    collector.keep()
    collector.say()
    collector.keep()

    assert said == [{"room": ROOM.hex, "counts": {CLAP: 1000}}]
    assert len(kept) == 1
    assert kept[0].total() == 1000


def test_what_the_database_did_not_take_is_kept_for_the_next_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Counter[Counted]] = []

    def broken(_counts: object) -> None:
        raise OSError

    collector = Collector()
    collector.add(ROOM, CLAP)
    monkeypatch.setattr("rooms.reactions.collecting.add", broken)
    collector.keep()
    collector.add(ROOM, CLAP)
    monkeypatch.setattr("rooms.reactions.collecting.add", kept.append)
    collector.keep()

    assert sum(counts.total() for counts in kept) == 2


async def test_everybody_sees_what_somebody_inside_throws(
    web: Web, talk: Talk, guest: Person
) -> None:
    thrower = await Socket.enter(web, talk, guest)
    host = await Socket.enter(web, talk, talk.host)
    await thrower.read_until(type="snapshot")
    await host.read_until(type="snapshot")
    events = talk.events

    assert "problem" not in await thrower.ask("reaction.send", emoji=CLAP)
    path = f"/api/v1/rooms/{talk.public_id}/reactions"
    answer = await asyncio.to_thread(web.ask, "POST", path, {"emoji": FIRE}, guest)
    total: Counter[str] = Counter()
    while total.total() < 2:
        total.update((await host.read_until(type="reactions"))["counts"])

    assert answer.status == 202
    assert total == {CLAP: 1, FIRE: 1}
    assert len(await asyncio.to_thread(events)) == 3  # created, started, joined
    kept = await asyncio.to_thread(_kept, talk.room_id)
    assert kept == total
    await thrower.close()
    await host.close()


def _kept(room_id: UUID) -> Counter[str]:
    now, deadline = datetime.now(UTC), time.monotonic() + 20
    counts: Counter[str] = Counter()
    while counts.total() < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        found = reactions_between(room_id, now - timedelta(minutes=5), now + timedelta(minutes=5))
        counts = Counter({emoji: count for _, emoji, count in found})
    return counts


async def test_five_in_five_seconds_and_a_repetition_is_no_sixth(
    web: Web, talk: Talk, guest: Person
) -> None:
    socket = await Socket.enter(web, talk, guest)
    await socket.read_until(type="snapshot")

    answers = [await socket.ask("reaction.send", ref=f"r{n}", emoji=CLAP) for n in range(7)]
    again = await socket.ask("reaction.send", ref="r0", emoji=CLAP)

    assert [answer["type"] for answer in answers] == ["ack"] * 5 + ["error"] * 2
    assert answers[5]["problem"]["code"] == "too-many-requests"
    assert 1 <= answers[5]["problem"]["retry_after_s"] <= 5
    assert again["type"] == "ack"
    await socket.close()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"emoji": "🍕"}, "invalid-request"),
        ({"emoji": ""}, "invalid-request"),
        ({"emoji": 7}, "invalid-request"),
        ({}, "invalid-request"),
        ({"emoji": CLAP, "count": 1000}, "invalid-request"),
    ],
)
async def test_nothing_but_one_emoji_of_the_set_is_taken(
    web: Web, talk: Talk, guest: Person, data: dict[str, Any], code: str
) -> None:
    socket = await Socket.enter(web, talk, guest)
    await socket.read_until(type="snapshot")

    assert (await socket.ask("reaction.send", **data))["problem"]["code"] == code
    await socket.close()


async def test_who_only_looks_throws_nothing(web: Web, talk: Talk, stranger: Person) -> None:
    socket = await Socket.enter(web, talk, stranger)
    await socket.read_until(type="snapshot")

    assert (await socket.ask("reaction.send", emoji=CLAP))["problem"]["code"] == "not-in-room"
    await socket.close()
