"""Coming back: by the ring, by the log, or by a snapshot that says so; never with a hole."""

import asyncio
import random
import threading
from contextlib import suppress

import pytest
from django.db import connections
from websockets.exceptions import ConnectionClosed

from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Follower, Socket, Talk
from tests.kernel.processes import Web, somebody

pytestmark = pytest.mark.databases

SEED = 100
KILLS = 100
LONGEST_REPLAY = 1000


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


async def numbers(one: Socket, until: int) -> list[int]:
    """Return the numbers of the frames up to one, the first frame's type in front of nothing."""
    found: list[int] = []
    while not found or found[-1] < until:
        frame = await one.read()
        assert frame["type"] != "snapshot"
        found.append(frame["seq"])
    return found


async def test_what_was_missed_comes_from_the_log_when_nobody_else_is_there(
    web: Web, talk: Talk
) -> None:
    head = await asyncio.to_thread(talk.leap, 450)
    one = await Socket.enter(web, talk, talk.host, after=3)

    assert await numbers(one, head) == list(range(4, head + 1))
    await one.close()


async def test_what_was_missed_comes_from_the_ring_when_the_room_is_open(
    web: Web, talk: Talk
) -> None:
    other = await Socket.enter(web, talk, await asyncio.to_thread(somebody))
    start = (await other.read())["seq"]
    head = await asyncio.to_thread(talk.go_on, 30)
    await other.read_until(seq=head)
    one = await Socket.enter(web, talk, talk.host, after=start)

    assert await numbers(one, head) == list(range(start + 1, head + 1))
    for each in (one, other):
        await each.close()


async def test_what_is_older_than_the_ring_comes_from_the_log_and_goes_on_live(
    web: Web, talk: Talk
) -> None:
    await asyncio.to_thread(talk.go_on, 40)
    other = await Socket.enter(web, talk, await asyncio.to_thread(somebody))
    await other.read()
    await asyncio.to_thread(talk.go_on, 10)
    one = await Socket.enter(web, talk, talk.host, after=0)
    head = await asyncio.to_thread(talk.go_on, 10)

    assert await numbers(one, head) == list(range(1, head + 1))
    for each in (one, other):
        await each.close()


async def test_who_missed_nothing_gets_nothing_but_what_happens_next(web: Web, talk: Talk) -> None:
    head = await asyncio.to_thread(talk.go_on, 3)
    one = await Socket.enter(web, talk, talk.host, after=head)
    await one.send(type="ping")

    assert await one.read() == {"type": "pong"}
    seq = await asyncio.to_thread(talk.go_on)
    assert (await one.read())["seq"] == seq == head + 1
    await one.close()


@pytest.mark.parametrize("after", [-1, 10_000, 2**40])
async def test_a_number_that_cannot_be_is_answered_by_a_snapshot(
    web: Web, talk: Talk, after: int
) -> None:
    head = await asyncio.to_thread(talk.go_on, 3)
    one = await Socket.enter(web, talk, talk.host, after=after)
    first = await one.read()

    assert (first["type"], first["seq"]) == ("snapshot", head)
    assert (await one.ask("unmute.self"))["type"] in {"ack", "error"}
    await one.close()


async def test_who_missed_too_much_gets_a_snapshot(web: Web, talk: Talk) -> None:
    head = await asyncio.to_thread(talk.leap, LONGEST_REPLAY + 1)
    people = [await asyncio.to_thread(somebody) for _ in range(2)]
    far, near = [
        await Socket.enter(web, talk, who, after=n)
        for who, n in zip(people, (0, head - 1000), strict=True)
    ]

    first = await far.read()
    assert (first["type"], first["seq"]) == ("snapshot", head)
    assert await numbers(near, head) == list(range(head - 999, head + 1))
    seq = await asyncio.to_thread(talk.go_on)
    assert (await far.read())["seq"] == (await near.read())["seq"] == seq
    for each in (far, near):
        await each.close()


async def test_a_snapshot_and_the_frames_behind_it_fit_while_things_happen(
    web: Web, talk: Talk
) -> None:
    working = threading.Event()
    worker = threading.Thread(target=keep_going, args=(talk, working))
    worker.start()
    try:
        for _ in range(40):
            one = await Socket.enter(web, talk, talk.host)
            snapshot = await one.read()
            behind = [(await one.read())["seq"] for _ in range(5)]

            assert snapshot["type"] == "snapshot"
            assert behind == list(range(snapshot["seq"] + 1, snapshot["seq"] + 6))
            one.connection.transport.abort()
    finally:
        working.set()
        worker.join()


async def test_who_is_still_catching_up_when_the_room_ends_hears_it_to_the_end(web: Web) -> None:
    to_the_end = 0
    for pause_s in (0.0, 0.005, 0.01, 0.02, 0.03, 0.04):
        talk = await asyncio.to_thread(Talk)
        head = await asyncio.to_thread(talk.leap, 900)
        one = await Socket.enter(web, talk, talk.host, after=0)
        await asyncio.sleep(pause_s)
        await asyncio.to_thread(talk.end)
        heard = []
        with suppress(ConnectionClosed):
            while True:
                heard.append((await one.read())["seq"])

        assert one.connection.close_code == close_codes.ROOM_OVER
        assert heard in ([], list(range(1, head + 2)))  # nothing, if it came too late
        to_the_end += bool(heard)
    assert to_the_end


def keep_going(talk: Talk, enough: threading.Event) -> None:
    """Let things happen until it is enough."""
    while not enough.wait(0.004):
        talk.go_on()
    connections.close_all()


async def test_a_socket_killed_a_hundred_times_misses_nothing(web: Web, talk: Talk) -> None:
    chance, enough = random.Random(SEED), threading.Event()
    who = await asyncio.to_thread(somebody)
    follower = Follower(web, talk, who)
    following = asyncio.create_task(follower.follow())
    worker = threading.Thread(target=keep_going, args=(talk, enough))
    worker.start()
    kills = 0
    while kills < KILLS:
        await asyncio.sleep(chance.uniform(0, 0.05))
        if follower.socket is not None and follower.socket.connection.close_code is None:
            follower.socket.cut(chance)
            kills += 1
    enough.set()
    await asyncio.to_thread(worker.join)
    await follower.reach(await asyncio.to_thread(talk.go_on))  # an ended room lets nobody in
    await asyncio.to_thread(talk.end)
    await asyncio.wait_for(following, 30)

    happened = await asyncio.to_thread(talk.events)
    print(
        f"seed {SEED}: {kills} kills, {follower.connections} connections,"
        f" {len(follower.log)} events, {follower.gaps} gaps, {follower.repeats} repeats"
    )
    assert (follower.gaps, follower.repeats, follower.snapshots) == (0, 0, 0)
    assert follower.log == happened
