"""What is due in a room happens at its time: the policy schedules, the job asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from pytest_django import Settings

from accounts import commands as accounts
from rooms import commands
from rooms.timers import SetTimers, WatchEmptyRooms
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.jobs.failed import counts
from spaces_project.kernel.jobs.worker import JobWorker, Pace
from spaces_project.wiring import jobs
from tests.kernel.jars import eventually
from tests.presence.scenes import live_room
from tests.projections.scenes import history, see, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def _waiting() -> dict[str, list[datetime]]:
    """Return when what is due, by task."""
    found: dict[str, list[datetime]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, scheduled_at FROM procrastinate_jobs ORDER BY 2")
        for name, at in cursor.fetchall():
            found.setdefault(name.removeprefix("rooms."), []).append(at)
    return found


def _set_timers() -> dict[str, list[datetime]]:
    while react(SetTimers()):
        pass
    return _waiting()


def _happened(room: UUID, topic: str) -> Any:
    return next(r.event for r in history(room) if f"rooms.{topic}" == r.event.TOPIC)


@contextmanager
def _working() -> Iterator[None]:
    worker = JobWorker(jobs(), pace=Pace(look_s=0.05))
    worker.start()
    try:
        yield
    finally:
        worker.stop()
        worker.join(20)


def test_a_start_sets_the_timers_of_the_whole_evening(settings: Settings) -> None:
    rules = settings.ROOM_RULES
    room = live_room()
    started_at = _happened(room, "RoomStarted").at

    found = _set_timers()

    after = {name: (at - started_at).total_seconds() for name, (at,) in found.items()}
    assert after == {
        "succeed_host": rules.host_seat_kept_s,
        "end_abandoned": rules.abandoned_room_s,
        "announce_end": rules.longest_room_s - rules.end_warning_s,
        "end_overlong": rules.longest_room_s,
    }
    assert set(found) <= {name.removeprefix("rooms.") for name in jobs()}


def test_a_repetition_sets_none_a_second_time() -> None:
    room = live_room()
    before = _set_timers()
    recorded = next(r for r in history(room) if r.event.TOPIC == "rooms.RoomStarted")

    SetTimers().react(recorded)

    assert _waiting() == before


def test_an_invitation_to_speak_ends_by_itself(settings: Settings) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(settings.ROOM_RULES, speak_invitation_s=1)
    host, bo = someone("ana"), someone("bob")
    room = live_room(host)
    commands.join(room_id=room, account_id=bo)
    commands.invite_to_speak(room_id=room, account_id=bo, by=host)
    assert _set_timers()["expire_speak_invitation"] == [
        _happened(room, "InvitedToSpeak").expires_at
    ]

    with _working():
        assert eventually(lambda: topics(room)[-1] == "SpeakInvitationExpired")


def test_a_seat_is_free_again_when_nobody_came_back(settings: Settings) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(settings.ROOM_RULES, speaker_seat_kept_s=1)
    host, bo = someone("ana"), someone("bob")
    room = live_room(host)
    for each in (host, bo):
        commands.join(room_id=room, account_id=each)
    commands.promote_speaker(room_id=room, account_id=bo, by=host)
    commands.drop(room_id=room, account_id=bo)
    kept_until = _happened(room, "Dropped").seat_kept_until
    assert _set_timers()["lapse_seat"] == [kept_until]

    with _working():
        assert eventually(lambda: "SeatLapsed" in topics(room))


def test_a_host_who_stays_away_is_succeeded_and_without_an_heir_the_room_ends(
    settings: Settings,
) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(
        settings.ROOM_RULES, host_seat_kept_s=1, abandoned_room_s=2
    )
    host, bo = someone("ana"), someone("bob")
    room = live_room(host)
    for each in (host, bo):
        commands.join(room_id=room, account_id=each)
    commands.promote_speaker(room_id=room, account_id=bo, by=host)
    commands.appoint_cohost(room_id=room, account_id=bo, by=host)
    commands.drop(room_id=room, account_id=host)
    _set_timers()

    with _working():
        assert eventually(lambda: "HostHandedOver" in topics(room))
        commands.drop(room_id=room, account_id=bo)
        _set_timers()
        assert eventually(lambda: topics(room)[-1] == "RoomEnded")

    assert _happened(room, "RoomEnded").reason == "host_absent"


def test_a_deadline_that_passed_while_nobody_looked_is_met_at_once(settings: Settings) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(
        settings.ROOM_RULES, longest_room_s=1, end_warning_s=1
    )
    host = accounts.register(handle="ana", name="Ana").entity_id
    room = live_room(host)
    _set_timers()

    with _working():
        assert eventually(lambda: topics(room)[-1] == "RoomEnded")

    assert _happened(room, "RoomEnded").reason == "longest"
    assert counts().failed == 0


def test_an_empty_room_ends_whether_or_not_anybody_ever_was_there(settings: Settings) -> None:
    settings.ROOM_RULES = msgspec.structs.replace(settings.ROOM_RULES, empty_room_s=1)
    never, left, kept = live_room(), live_room(), live_room()
    bo = new_id()
    commands.join(room_id=left, account_id=bo)
    commands.join(room_id=kept, account_id=bo)
    watch = WatchEmptyRooms()
    see()
    watch.look()
    assert len(_waiting()["end_empty"]) == 1

    commands.leave(room_id=left, account_id=bo)
    see()
    watch.look()
    watch.look()
    since = [_happened(never, "RoomStarted").at, _happened(left, "Left").at]
    assert _waiting()["end_empty"] == [at + timedelta(seconds=1) for at in since]

    with _working():
        assert eventually(lambda: topics(never)[-1] == topics(left)[-1] == "RoomEnded")
    assert topics(kept)[-1] == "Joined"


def test_whoever_came_and_went_between_two_looks_begins_the_wait_anew() -> None:
    room, bo = live_room(), new_id()
    watch = WatchEmptyRooms()
    see()
    watch.look()
    commands.join(room_id=room, account_id=bo)
    commands.leave(room_id=room, account_id=bo)
    see()
    watch.look()

    assert len(_waiting()["end_empty"]) == 2
