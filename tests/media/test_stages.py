"""Following stages: nothing is missed while a room is being loaded."""

import asyncio
import logging
import threading
import time
from uuid import UUID

import pytest

from media import stages
from media.stages import FollowedStage
from tests.media.fakes import ANA, BO, FakeRecorded, FakeStage, FakeStageFeed
from tests.media.peers import a_node, until


async def test_a_stage_is_loaded_once_and_kept_by_events(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    stage = await feed.stages.follow(feed.room_id)
    assert stage.may_be_heard(ANA)

    feed.mute(ANA)
    await asyncio.sleep(0.01)

    assert not stage.may_be_heard(ANA)
    assert await feed.stages.follow(feed.room_id) is stage


async def test_events_that_come_during_the_load_count(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    reading, read_on = threading.Event(), threading.Event()
    stage_now = feed.stages._stage_now

    def slow(room_id: UUID) -> FollowedStage:
        stage = stage_now(room_id)
        reading.set()
        read_on.wait(5)
        return stage

    feed.stages._stage_now = slow
    loading = asyncio.ensure_future(feed.stages.follow(feed.room_id))
    await asyncio.to_thread(reading.wait, 5)
    feed.mute(ANA)
    read_on.set()

    assert not (await loading).may_be_heard(ANA)


async def test_a_hole_in_the_feed_is_filled_from_the_log(feed: FakeStageFeed) -> None:
    feed.stages.start()
    told: list[int] = []
    feed.stages.on_change = lambda _, stage: told.append(stage.seq)
    feed.seat(ANA)
    await feed.stages.follow(feed.room_id)
    feed.delivers = False
    feed.mute(ANA)
    feed.delivers = True
    feed.seat(BO)
    await asyncio.sleep(0.1)

    stage = feed.stages.get(feed.room_id)
    assert stage is not None
    assert (stage.seq, stage.may_be_heard(ANA)) == (3, False)
    assert told[-1] == 3


async def test_nobody_is_heard_while_a_hole_is_being_filled(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    await feed.stages.follow(feed.room_id)
    stage_now, read_on = feed.stages._stage_now, threading.Event()

    def slow(room_id: UUID) -> FollowedStage:
        read_on.wait(5)
        return stage_now(room_id)

    feed.stages._stage_now = slow
    feed.delivers = False
    feed.mute(ANA)
    feed.delivers = True
    feed.seat(BO)
    await asyncio.sleep(0.05)
    assert not feed.stages.is_heard(feed.room_id, ANA), "the hole may be a muting, and is one"

    read_on.set()
    await until(lambda: feed.stages.is_heard(feed.room_id, BO))
    assert not feed.stages.is_heard(feed.room_id, ANA)


async def test_a_followed_stage_is_brought_to_the_head_by_the_feed(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    stage = await feed.stages.follow(feed.room_id)
    feed.delivers = False
    feed.mute(ANA)
    feed.stages.catch_up = lambda: feed.stages.on_batch(feed.recorded)

    assert await feed.stages.at_head(feed.room_id) is stage
    assert stage.seq == 2
    assert not stage.may_be_heard(ANA)


async def test_a_crowd_shares_loads(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    stage_now, loads = feed.stages._stage_now, []

    def counted(room_id: UUID) -> FollowedStage:
        loads.append(room_id)
        return stage_now(room_id)

    feed.stages._stage_now = counted
    await asyncio.gather(*(feed.stages.follow(feed.room_id) for _ in range(100)))
    assert len(loads) == 1

    await asyncio.gather(*(feed.stages.refresh(feed.room_id) for _ in range(100)))
    assert len(loads) == 3, "one that ran already, and one for all who came meanwhile"


async def test_an_event_that_cannot_be_applied_stops_no_other_room(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    stage = await feed.stages.follow(feed.room_id)

    def poison(_: object) -> None:
        raise ValueError("poison")

    feed.stages.take([FakeRecorded(feed.room_id, 2, poison)])
    feed.mute(ANA)
    await asyncio.sleep(0.05)

    current = feed.stages.get(feed.room_id)
    assert current is not None
    assert current is not stage, "read again from the log"
    assert not current.may_be_heard(ANA)


async def test_repeated_and_foreign_events_change_nothing(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    stage = await feed.stages.follow(feed.room_id)

    feed.stages.take(feed.recorded)
    feed.stages.take([FakeRecorded(ANA, 1, lambda s: s.seats.clear())])

    assert stage.seq == 1
    assert ANA in stage.seats


async def test_the_log_is_asked_again_until_it_answers(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    await feed.stages.follow(feed.room_id)
    stage_now, failures = feed.stages._stage_now, [OSError("down")]

    def failing(room_id: UUID) -> FollowedStage:
        if failures:
            raise failures.pop()
        return stage_now(room_id)

    feed.stages._stage_now = failing
    feed.delivers = False
    feed.mute(ANA)
    feed.delivers = True
    feed.seat(BO)
    await asyncio.sleep(0.8)

    stage = feed.stages.get(feed.room_id)
    assert isinstance(stage, FakeStage)
    assert stage.muted == {ANA}


async def test_an_event_that_cannot_be_read_silences_its_room_until_it_can(
    feed: FakeStageFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stages, "_READ_AGAIN_S", 0.05)
    feed.stages.start()
    feed.seat(ANA)
    await feed.stages.follow(feed.room_id)
    heard_at: list[bool] = []
    feed.stages.on_change = lambda room_id, _: heard_at.append(feed.stages.is_heard(room_id, ANA))
    assert feed.stages.is_heard(feed.room_id, ANA)

    feed.unreadable()
    feed.seat(BO)
    await asyncio.sleep(0.3)
    assert set(heard_at) == {False}
    assert not feed.stages.is_heard(feed.room_id, BO)
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) == 1, "said once"

    feed.recorded[1] = FakeRecorded(feed.room_id, 2, lambda stage: stage.muted.add(BO))
    await until(lambda: feed.stages.is_heard(feed.room_id, ANA))
    assert heard_at[-1]
    assert not feed.stages.is_heard(feed.room_id, BO), "what was restored counts"


async def test_a_room_that_cannot_be_read_whole_at_load_is_silent(feed: FakeStageFeed) -> None:
    feed.stages.start()
    feed.seat(ANA)
    feed.unreadable()

    stage = await feed.stages.follow(feed.room_id)

    assert stage.may_be_heard(ANA)
    assert not feed.stages.is_heard(feed.room_id, ANA)
    feed.stages.forget(feed.room_id)


async def test_a_room_is_silent_while_its_hole_cannot_be_filled(
    feed: FakeStageFeed, caplog: pytest.LogCaptureFixture
) -> None:
    feed.stages.start()
    feed.seat(ANA)
    await feed.stages.follow(feed.room_id)
    stage_now, is_down = feed.stages._stage_now, True

    def failing(room_id: UUID) -> FollowedStage:
        if is_down:
            raise OSError("down")
        return stage_now(room_id)

    feed.stages._stage_now = failing
    feed.delivers = False
    feed.seat(BO)
    feed.delivers = True
    feed.leave(BO)
    await asyncio.sleep(0.7)
    assert not feed.stages.is_heard(feed.room_id, ANA)
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) == 1, "said once"

    is_down = False
    await until(lambda: feed.stages.is_heard(feed.room_id, ANA))


async def test_nobody_is_heard_while_the_log_is_out_of_reach(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    looked_at = 0.0
    async with a_node(feed) as node:
        feed.stages.doubts.looked_at = lambda: looked_at
        await feed.stages.follow(feed.room_id)
        assert not feed.stages.is_heard(feed.room_id, ANA), "not before the first look"

        looked_at = time.monotonic()
        await until(lambda: feed.stages.is_heard(feed.room_id, ANA), 1)

        looked_at = time.monotonic() - 3.1
        await until(lambda: not feed.stages.is_heard(feed.room_id, ANA), 1)
        assert list(node.rooms) == []
