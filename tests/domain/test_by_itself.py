"""What happens to a room by itself: its end, the warning before it, and mute all."""

import pytest

from rooms.domain.due import is_due
from rooms.domain.errors import LeadersOnly, RoomIsOver, RoomNotLive
from rooms.domain.events import AllMuted, RoomEnded
from rooms.domain.rules import Rules
from tests.domain.scenes import (
    ANA,
    BO,
    CY,
    NOON,
    after,
    ended_room,
    events,
    live_room,
    new_room,
    person,
    refused,
)


@pytest.mark.parametrize("reason", ["empty", "host_absent", "longest"])
def test_a_room_that_ends_by_itself_says_why(reason: str) -> None:
    room = live_room()
    room.end_by_itself(reason, after(5))
    (told,) = room.pending_events

    assert isinstance(told, RoomEnded)
    assert (told.by, told.reason, room.ended_at) == (None, reason, after(5))
    with refused(room, RoomIsOver):
        room.end_by_itself(reason, after(6))


def test_only_a_live_room_ends_by_itself() -> None:
    with refused(room := new_room(), RoomNotLive):
        room.end_by_itself("empty", NOON)


def test_the_end_is_announced_once() -> None:
    room = live_room()
    room.announce_end(after(900), NOON)
    room.announce_end(after(950), after(50))

    assert events(room) == ["EndingSoon"]
    assert room.ending_at == after(900)
    with refused(scheduled := new_room(), RoomNotLive):
        scheduled.announce_end(after(900), NOON)
    with refused(over := ended_room(), RoomIsOver):
        over.announce_end(after(900), NOON)


def test_a_room_lasts_as_long_as_the_rules_say() -> None:
    assert live_room().longest_until(Rules()) == after(12 * 3600)
    assert live_room().longest_until(Rules(longest_room_s=60)) == after(60)
    assert new_room().longest_until(Rules()) is None


def test_a_timer_that_comes_a_little_early_counts() -> None:
    assert [is_due(after(10), after(s)) for s in (0, 7.9, 8, 10, 99)] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_mute_all_leaves_host_and_cohosts_out() -> None:
    room = live_room()
    loud, quiet = person(1), person(2)
    for who in (BO, CY, loud, quiet):
        room.promote_speaker(who, by=ANA, at=NOON)
    room.appoint_cohost(BO, by=ANA, at=NOON)
    for who in (ANA, BO, CY, loud):
        room.unmute(who, by=who, at=NOON)
    room.collect_events()
    room.mute_all(by=BO, at=NOON)
    (told,) = room.pending_events

    assert isinstance(told, AllMuted)
    assert told.account_ids == [CY, loud]
    assert {a for a, seat in room.seats.items() if not seat.muted} == {ANA, BO}
    assert (room.seats[CY].muted_by, room.seats[quiet].muted_by) == (BO, None)
    room.mute_all(by=ANA, at=NOON)
    assert events(room) == ["AllMuted"]  # nobody was left to be muted


def test_only_leaders_mute_all() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    for by in (BO, CY):
        with refused(room, LeadersOnly):
            room.mute_all(by=by, at=NOON)
    with refused(over := ended_room(), RoomIsOver):
        over.mute_all(by=ANA, at=NOON)
