"""Whoever raises a number moves what is due in the rooms that live already."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from pytest_django import Settings

from rooms import commands, queries
from rooms.timers import SetTimers, WatchDeadlines
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.jobs.worker import JobWorker, Pace
from spaces_project.wiring import jobs
from tests.kernel.jars import eventually
from tests.presence.scenes import live_room
from tests.projections.scenes import history, see, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

HIGH = {
    "host_seat_kept_s": 100, "abandoned_room_s": 200, "empty_room_s": 300, "longest_room_s": 500,
    "end_warning_s": 100,
}  # fmt: skip
DUE_AFTER_S = {
    "rooms.succeed_host": 100, "rooms.end_abandoned": 200, "rooms.end_empty": 300,
    "rooms.announce_end": 400, "rooms.end_overlong": 500,
}  # fmt: skip


def _rule(settings: Settings, **numbers: int) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(settings.ROOM_RULES, **numbers)


def _waiting(room: UUID) -> dict[str, list[datetime]]:
    """Return when what is due in a room, by task."""
    found: dict[str, list[datetime]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, scheduled_at FROM procrastinate_jobs"
            " WHERE args->>'room_id' = %s ORDER BY 2",
            [str(room)],
        )
        for name, at in cursor.fetchall():
            found.setdefault(name, []).append(at)
    return found


def _started_at(room: UUID) -> Any:
    return next(r.event.at for r in history(room) if r.event.TOPIC == "rooms.RoomStarted")


def test_there_is_a_deadline_for_each_task_that_a_number_moves() -> None:
    assert set(queries.DEADLINES) == set(DUE_AFTER_S) <= set(jobs())


@pytest.mark.parametrize("task", DUE_AFTER_S)
def test_a_timer_that_comes_too_early_is_set_anew(settings: Settings, task: str) -> None:
    room = live_room()
    _rule(settings, **HIGH)
    before = topics(room)
    for _ in range(2):  # two that find the same leave one
        jobs()[task](room_id=str(room))

    assert topics(room) == before
    due = _started_at(room) + timedelta(seconds=DUE_AFTER_S[task])
    assert _waiting(room) == {task: [due]}


def test_a_timer_whose_reason_is_gone_is_not_set_anew(settings: Settings) -> None:
    _rule(settings, **HIGH)
    host = new_id()
    room = live_room(host)
    commands.join(room_id=room, account_id=host)
    for task in ("rooms.succeed_host", "rooms.end_abandoned", "rooms.end_empty"):
        jobs()[task](room_id=str(room))
    assert _waiting(room) == {}

    commands.end(room_id=room, by=host)
    for task in DUE_AFTER_S:
        jobs()[task](room_id=str(room))
    assert _waiting(room) == {}


def test_the_first_look_of_a_process_sets_the_timers_of_all_live_rooms(settings: Settings) -> None:
    host = new_id()
    room, over = live_room(), live_room(host)
    commands.end(room_id=over, by=host)
    see()
    _rule(settings, **HIGH)
    watch = WatchDeadlines()
    for _ in range(2):
        watch.look()

    started_at = _started_at(room)
    assert _waiting(room) == {
        task: [started_at + timedelta(seconds=s)] for task, s in DUE_AFTER_S.items()
    }
    assert _waiting(over) == {}


def test_a_room_ends_although_its_longest_time_was_raised_behind_its_timer(
    settings: Settings,
) -> None:
    """The whole way: set by the old number, raised, done by the new one."""
    _rule(settings, longest_room_s=0)
    host = new_id()
    room = live_room(host)
    commands.join(room_id=room, account_id=host)
    while react(SetTimers()):
        pass
    _rule(settings, longest_room_s=4, end_warning_s=0)
    worker = JobWorker(jobs(), pace=Pace(look_s=0.05))
    worker.start()
    try:
        assert eventually(lambda: topics(room)[-1] == "RoomEnded")
    finally:
        worker.stop()
        worker.join(20)

    ended: Any = history(room)[-1].event
    assert ended.reason == "longest"
    assert ended.at >= _started_at(room) + timedelta(seconds=2)  # clocks may differ so much
