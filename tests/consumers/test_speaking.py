"""Commands over the socket: answered once, whatever is sent; nobody's nonsense hurts another."""

import asyncio
import json
import random
import string
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from rooms.socket_commands import SOCKET_COMMANDS
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

pytestmark = pytest.mark.databases

SEED = 5
MALFORMED = 2_000
AT_ONCE = 15  # frames for each socket, and a ping each: below what counts as a flood
ROOM_LEFT_BY_A_COMMAND = 64 * 1024


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


@pytest.fixture
def bo(web: Web, talk: Talk) -> Person:
    """Somebody inside."""
    del web
    found = somebody("Bo")
    talk.join(found)
    return found


async def entered(web: Web, talk: Talk, who: Person) -> Socket:
    one = await Socket.enter(web, talk, who)
    await one.read_until(type="snapshot")
    return one


async def test_a_command_is_acknowledged_with_the_number_of_its_event(
    web: Web, talk: Talk, bo: Person
) -> None:
    one = await entered(web, talk, bo)

    ack = await one.ask("hand.raise", ref="c1")

    assert ack == {"type": "ack", "ref": "c1", "seq": talk.events()[-1][0]}
    await one.close()


async def test_the_same_ref_gets_the_same_answer_and_happens_once(
    web: Web, talk: Talk, bo: Person
) -> None:
    one = await entered(web, talk, bo)
    first = await one.ask("hand.raise", ref="c1")
    await one.close()
    again = await entered(web, talk, bo)

    assert await again.ask("hand.raise", ref="c1") == first
    assert (await again.ask("hand.raise", ref="c2"))["problem"]["code"] == "hand-is-up"
    assert (await again.ask("hand.lower", ref="c1"))["problem"]["code"] == "idempotency-key-reused"
    assert len(talk.events()) == first["seq"]
    await again.close()


async def test_a_refusal_is_an_answer(web: Web, talk: Talk, bo: Person) -> None:
    one = await entered(web, talk, bo)

    for command, facts, code in (
        ("room.end", {}, "host-only"),
        ("speaker.promote", {"account_id": bo.public_id}, "leaders-only"),
        ("speaker.promote", {"account_id": "acc_x"}, "invalid-request"),
        ("speaker.promote", {}, "invalid-request"),
        ("hand.raise", {"loud": True}, "invalid-request"),
        ("policies.change", {"audience_policy": "nobody"}, "invalid-request"),
        ("room.explode", {}, "invalid-request"),
        ("__init__", {}, "invalid-request"),
        ("websocket.disconnect", {}, "invalid-request"),
        ("spaces.behind", {}, "invalid-request"),
    ):
        answer = await one.ask(command, **facts)
        assert answer["type"] == "error"
        assert answer["problem"]["code"] == code, command
    assert (await one.ask("hand.raise", ref=""))["problem"]["code"] == "invalid-request"
    assert (await one.ask("hand.raise", ref="r" * 101))["problem"]["code"] == "invalid-request"
    await one.close()


async def test_a_message_that_is_too_large_ends_the_socket(web: Web, talk: Talk) -> None:
    one = await entered(web, talk, talk.host)
    frame = {"type": "mute.self", "ref": "c1", "data": {}}
    fits = json.dumps({**frame, "x": "y" * (ROOM_LEFT_BY_A_COMMAND - len(json.dumps(frame)) - 9)})
    assert len(fits) == ROOM_LEFT_BY_A_COMMAND

    await one.connection.send(fits)
    assert (await one.read())["type"] == "ack"
    await one.connection.send(fits + " ")

    assert await one.closed() in {1006, 1009}


async def test_a_flood_is_cut_and_nobody_else_notices(web: Web, talk: Talk, bo: Person) -> None:
    flooding, calm = await entered(web, talk, bo), await entered(web, talk, talk.host)
    for _ in range(2_000):
        await flooding.connection.send('{"type":"ping"}')

    assert await flooding.closed() == close_codes.RATE_LIMITED
    seq = await asyncio.to_thread(talk.go_on)
    assert (await calm.read())["seq"] == seq
    await calm.close()


async def test_forty_at_once_are_no_flood(web: Web, talk: Talk) -> None:
    one = await entered(web, talk, talk.host)
    for _ in range(38):
        await one.send(type="ping")
    for _ in range(38):
        assert await one.read() == {"type": "pong"}
    await one.close()


def malformed(chance: random.Random) -> str | bytes:
    """Return a frame that is wrong in one of many ways, or nearly right."""
    junk: list[Any] = [None, True, -1, 1e308, 2**70, "", "\0", "x" * 300, [], {}, [[]], {"a": {}}]
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        return "".join(chance.choice(string.printable) for _ in range(chance.randrange(200)))
    if kind == 2:
        return "[" * chance.randrange(1, 30_000)
    frame = {"type": "auth", "ref": "c1", "data": {}, "token": "x"}
    name = chance.choice([*SOCKET_COMMANDS, "auth", "ack", "snapshot", "pong", "levels"])
    frame["type"] = chance.choice([name, *junk])
    for member in chance.sample(list(frame), chance.randrange(1, 4)):
        frame[member] = chance.choice(junk)
    frame["data"] = chance.choice([*junk, {"account_id": chance.choice(junk)}])
    text = json.dumps(frame)
    return text if kind < 5 else text[: chance.randrange(len(text))]


async def talk_nonsense(web: Web, talk: Talk, who: Person, chance: random.Random) -> int:
    """Send nonsense over one socket until it is closed; return how many frames were taken."""
    wild = await Socket.open(web, talk.public_id)
    taken = 0
    with suppress(ConnectionClosed):
        if chance.random() < 0.95:
            await wild.send(type="auth", token=who.token)
        while taken < AT_ONCE:
            await wild.connection.send(malformed(chance))
            taken += 1
            await wild.send(type="ping")
            await wild.read_until(type="pong")  # the nonsense before it was read
    wild.connection.transport.abort()
    return taken


async def test_no_nonsense_reaches_another_socket(web: Web, talk: Talk) -> None:
    chance = random.Random(SEED)
    people = [await asyncio.to_thread(somebody) for _ in range(8)]
    for who in people:
        await asyncio.to_thread(talk.join, who)
    calm = await entered(web, talk, talk.host)
    taken = sockets = 0
    while taken < MALFORMED:
        found = await asyncio.gather(*(talk_nonsense(web, talk, who, chance) for who in people))
        taken += sum(found)
        sockets += len(found)
    await calm.send(type="ping")
    assert await calm.read_until(type="pong")
    seq = await asyncio.to_thread(talk.go_on)
    assert await calm.read_until(seq=seq)

    print(f"seed {SEED}: {taken} malformed frames over {sockets} sockets")
    assert "Traceback" not in web.lines(4000), web.lines()
    await calm.close()


@pytest.mark.parametrize("frame", ["{", "[]", "\0", '{"type":7,"ref":"1"}', b'{"type":"ping"}'])
async def test_a_frame_that_is_none_ends_its_own_socket(
    web: Web, talk: Talk, bo: Person, frame: str | bytes
) -> None:
    one, other = await entered(web, talk, bo), await entered(web, talk, talk.host)
    await one.connection.send(frame)

    assert await one.closed() == close_codes.BAD_FRAME
    assert (await other.ask("unmute.self"))["type"] == "ack"
    await other.close()
