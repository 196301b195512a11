"""Rights end when they end: removed, blocked, over; also for who is just coming in."""

import asyncio
import time
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from rooms import commands as rooms
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

pytestmark = [pytest.mark.alone, pytest.mark.databases]

TRIALS = 25
RACES = 40
DELIVERED_WITHIN_S = 0.5
CLOSED_WITHIN_S = 1.0


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


def put_out(talk: Talk, who: Person, command: rooms.RoomCommand = rooms.remove) -> float:
    """Put somebody out and return when it was decided."""
    command(room_id=talk.room_id, account_id=who.account_id, by=talk.host.account_id)
    return time.monotonic()


def come_in(talk: Talk) -> Person:
    who = somebody()
    talk.join(who)
    return who


@pytest.mark.parametrize("command", [rooms.remove, rooms.block])
async def test_who_is_put_out_hears_nothing_more(
    web: Web, talk: Talk, command: rooms.RoomCommand
) -> None:
    last_s, closed_s = [], []
    for _ in range(TRIALS):
        who = await asyncio.to_thread(come_in, talk)
        one = await Socket.enter(web, talk, who)
        await one.read()
        decided = await asyncio.to_thread(put_out, talk, who, command)
        last = decided
        while True:
            try:
                await one.connection.recv()
                last = time.monotonic()
            except ConnectionClosed:
                break
        closed_s.append(time.monotonic() - decided)
        last_s.append(last - decided)
        assert one.connection.close_code == close_codes.FORBIDDEN

    print(
        f"{TRIALS} trials: last delivery after at most {max(last_s) * 1000:.0f} ms,"
        f" closed after at most {max(closed_s) * 1000:.0f} ms"
    )
    assert max(last_s) <= DELIVERED_WITHIN_S
    assert max(closed_s) <= CLOSED_WITHIN_S


async def test_nothing_that_happens_after_a_removal_is_delivered(web: Web, talk: Talk) -> None:
    who = await asyncio.to_thread(come_in, talk)
    one, other = await Socket.enter(web, talk, who), await Socket.enter(web, talk, talk.host)
    await one.read()
    await other.read()

    def remove_and_go_on() -> int:
        put_out(talk, who)
        removed = talk.events()[-1][0]
        talk.go_on(20)
        return removed

    removed = await asyncio.to_thread(remove_and_go_on)
    heard = []
    with suppress(ConnectionClosed):
        while True:
            heard.append(await one.read())

    assert await other.read_until(seq=removed + 20)
    print(f"events delivered behind the removal: {heard[-1]['seq'] - removed}")
    assert heard[-1]["seq"] <= removed
    assert one.connection.close_code == close_codes.FORBIDDEN
    await other.close()


async def test_nobody_slips_in_while_being_removed(web: Web, talk: Talk) -> None:
    inside = 0
    for _ in range(RACES):
        who = await asyncio.to_thread(come_in, talk)
        entering = asyncio.create_task(Socket.enter(web, talk, who))
        await asyncio.to_thread(put_out, talk, who)
        one = await entering

        inside += await one.closed() != close_codes.FORBIDDEN

    print(f"{RACES} races, {inside} slipped in")
    assert inside == 0


async def test_the_end_of_a_room_is_the_end_of_its_sockets(web: Web) -> None:
    for _ in range(5):
        talk = await asyncio.to_thread(Talk)
        people = [await asyncio.to_thread(come_in, talk) for _ in range(3)]
        sockets = [await Socket.enter(web, talk, who) for who in people]
        late = asyncio.create_task(Socket.enter(web, talk, talk.host))
        await asyncio.to_thread(talk.end)

        for one in [*sockets, await late]:
            assert await one.closed() == close_codes.ROOM_OVER


async def test_the_reason_is_for_leaders_and_the_person_only(web: Web, talk: Talk) -> None:
    who, other = [await asyncio.to_thread(come_in, talk) for _ in range(2)]
    sockets = [await Socket.enter(web, talk, each) for each in (who, other, talk.host)]
    for one in sockets:
        await one.read_until(type="snapshot")
    await asyncio.to_thread(
        rooms.remove,
        room_id=talk.room_id,
        account_id=who.account_id,
        by=talk.host.account_id,
        reason="planted",
    )
    frames = [await one.read_until(type="participant.removed") for one in sockets]

    assert [frame["data"].get("reason") for frame in frames] == ["planted", None, "planted"]
    assert [frame["actor"] for frame in frames] == [
        talk.host.public_id,
        None,
        talk.host.public_id,
    ]
    for one in sockets[1:]:
        await one.close()
