"""A node's rooms: their ticks, their comings and goings, and what they leave behind."""

import asyncio
import gc
import time
import weakref

import pytest

from media.ticking import PHASES, TICK_S, TickSchedule
from spaces_project.kernel.ids import new_id
from tests.media.fakes import ANA, BO, FakeStageFeed
from tests.media.peers import Peer, a_node, until
from tests.media.speech import rms, tone


async def test_every_room_ticks_fifty_times_a_second() -> None:
    schedule, ticks = TickSchedule(), [0, 0]
    rooms = [new_id(), new_id()]

    def tick(skipped: int, at: int) -> None:
        ticks[at] += 1 + skipped

    for at, room_id in enumerate(rooms):
        schedule.add(room_id, lambda skipped, at=at: tick(skipped, at))  # type: ignore[misc]
    began = time.monotonic()
    await asyncio.sleep(0.5)
    for room_id in rooms:
        schedule.remove(room_id)
    due, counted = (time.monotonic() - began) / TICK_S, list(ticks)
    await asyncio.sleep(0.05)

    assert all(abs(count - due) <= 3 for count in counted)
    assert ticks == counted, "a removed room ticks no more"


async def test_rooms_are_spread_over_the_interval() -> None:
    schedule = TickSchedule()
    rooms = [new_id() for _ in range(2 * PHASES)]
    for room_id in rooms:
        schedule.add(room_id, lambda _: None)

    phases = {round(timer.when() % TICK_S, 4) for timer in schedule._timers.values()}
    assert len(phases) >= PHASES
    for room_id in rooms:
        schedule.remove(room_id)


async def test_after_a_stall_ticks_are_skipped_and_told() -> None:
    schedule = TickSchedule()
    told: list[int] = []
    room_id = new_id()
    schedule.add(room_id, told.append)
    loop = asyncio.get_running_loop()
    await asyncio.sleep(0.03)

    loop.call_soon(time.sleep, 0.5)
    await asyncio.sleep(0.1)
    schedule.remove(room_id)

    assert schedule.skipped == sum(told) >= 20


async def test_a_tick_that_breaks_does_not_silence_its_room() -> None:
    schedule, ticks = TickSchedule(), []
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)

    def broken(_: int) -> None:
        ticks.append(1)
        raise ValueError("broken")

    room_id = new_id()
    schedule.add(room_id, broken)
    await asyncio.sleep(0.1)
    schedule.remove(room_id)

    assert len(ticks) >= 3


@pytest.mark.slow
@pytest.mark.alone
async def test_a_listener_who_comes_just_before_the_wrap_waits_for_it(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await ana.publish(tone(440, 2))
        [room] = node.rooms
        room._seq = 65_536 - 20
        await bo.listen()
        assert len(room.fan_out) == 1
        await until(lambda: len(room.fan_out) == 2, 2)
        assert room._seq < 1000
        await asyncio.sleep(0.5)
        assert rms(bo.arrived[-1][1]) > 300, "and decrypts what it gets"
        await ana.close()
        await bo.close()


@pytest.mark.slow
@pytest.mark.alone
async def test_closed_sessions_are_freed_without_a_garbage_collection(feed: FakeStageFeed) -> None:
    """The process never collects its oldest generation, so cycles would stay for ever."""
    feed.seat(ANA)
    async with a_node(feed) as node:
        gc.collect()
        gc.disable()
        try:
            traces = []
            for publish in (True, False, False):
                peer = Peer(node, ANA if publish else BO, feed.room_id)
                await (peer.publish(tone()) if publish else peer.listen())
                [room] = node.rooms
                for session in room.sessions.values():
                    dtls = session._dtls
                    traces += [weakref.ref(each) for each in (session, session.connection, dtls)]
                del session, dtls, room
                status, _, _ = await peer.request("DELETE", peer.location)
                assert status == 200
                await peer.close()
            await asyncio.sleep(0.1)
            left = [trace() for trace in traces if trace() is not None]
            assert left == []
        finally:
            gc.enable()
