"""Losing the connection: a listener is gone, a seat is kept, and one comes back into it."""

import pytest

from rooms.domain.errors import HandCoolingDown, HostStays, NotInRoom, RemovedFromRoom
from rooms.domain.events import Dropped, Left, SpeakerMuted
from rooms.domain.participation import Participation
from rooms.domain.rules import Rules
from tests.domain.scenes import (
    ANA,
    BO,
    NOON,
    after,
    bo_inside,
    bos_part,
    events,
    live_room,
    person,
    refused,
    state,
)


def bo_dropped() -> Participation:
    """Return Bo's part after Bo dropped out of a seat at noon, nothing of it pending."""
    part = bo_inside()
    part.take_seat(ANA, NOON)
    part.drop(after(60), None, NOON)
    part.collect_events()
    return part


def test_a_listener_who_is_lost_has_left_and_nobody_wished_it() -> None:
    part = bo_inside()
    part.leave(after(1), by_itself=True)
    part.leave(after(2), by_itself=True)
    (told,) = part.pending_events

    assert isinstance(told, Left)
    assert (told.by, told.may_ask_from) == (None, None)


def test_a_raised_hand_goes_down_with_who_is_lost_at_the_price_of_withdrawing() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.leave(after(10), by_itself=True)
    part.join(after(11))
    with refused(part, HandCoolingDown) as no:
        part.raise_hand(after(11))
    assert no.value.facts["retry_after_s"] == 59
    part.raise_hand(after(70))


def test_a_seat_is_kept_until_its_time_and_dropping_twice_is_dropping_once() -> None:
    part = bo_inside()
    part.take_seat(ANA, NOON)
    part.drop(after(60), None, NOON)
    part.drop(after(99), None, after(39))
    told = part.pending_events[-1]

    assert events(part) == ["Seated", "Dropped"]
    assert isinstance(told, Dropped)
    assert (told.by, told.seat_kept_until) == (None, after(60))
    assert (part.present, part.seated, part.seat_kept_until) == (False, True, after(60))


def test_who_comes_back_in_time_has_the_seat_and_is_back_once() -> None:
    part = bo_dropped()
    part.join(after(59))
    part.join(after(59))

    assert events(part) == ["Returned"]
    assert state(part) == (True, True, False)
    assert not part.is_seat_due(after(1000))


def test_a_seat_that_nobody_gave_up_yet_is_still_ones_own() -> None:
    part = bo_dropped()
    part.join(after(61))

    assert events(part) == ["Returned"]


def test_a_seat_is_due_when_its_time_is_over() -> None:
    part = bo_dropped()

    assert [part.is_seat_due(after(s)) for s in (0, 57, 60, 999)] == [False, False, True, True]
    part.lose_seat(after(60))
    assert events(part) == ["Unseated"]
    assert state(part) == (False, False, False)
    part.join(after(61))
    assert events(part) == ["Unseated", "Joined"]


@pytest.mark.parametrize("goes", ["leave", "remove", "block", "give_seat_back"])
def test_a_seat_that_is_given_up_is_kept_no_longer(goes: str) -> None:
    part = bo_dropped()
    facts = (after(5),) if goes == "leave" else (ANA, after(5))
    getattr(part, goes)(*facts)

    assert events(part)[0] == "Unseated"
    assert "Left" not in events(part)  # that Bo is away was told when Bo dropped
    assert (part.seated, part.seat_kept_until, part.dropped_at) == (False, None, None)


def test_who_is_away_is_not_inside() -> None:
    part = bo_dropped()
    with refused(part, NotInRoom):
        part.must_not_be_away()
    with refused(part, NotInRoom):
        part.must_be_present()
    part.join(NOON)
    part.must_not_be_away()


def test_who_was_removed_while_away_does_not_come_back_into_the_seat() -> None:
    part = bo_dropped()
    part.remove(ANA, after(5))
    part.collect_events()
    with refused(part, RemovedFromRoom):
        part.join(after(6))


def test_the_microphone_of_who_is_gone_is_shut_by_nobody() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.unmute(BO, by=BO, at=NOON)
    room.mute_absent(BO, None, NOON)
    room.mute_absent(BO, None, NOON)
    told = room.pending_events[-1]

    assert events(room) == ["SpeakerPromoted", "SpeakerUnmuted", "SpeakerMuted"]
    assert isinstance(told, SpeakerMuted)
    assert (told.by, room.seats[BO].muted_by) == (None, None)


def test_a_seat_lapses_but_not_the_hosts() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.let_seat_lapse(BO, after(60))
    with refused(room, HostStays):
        room.let_seat_lapse(ANA, after(60))

    assert events(room)[-1] == "SeatLapsed"
    assert list(room.seats) == [ANA]


def test_a_former_host_who_stays_on_stage_sits_there_once() -> None:
    part = bo_inside()
    part.keep_seat(BO, NOON)
    part.keep_seat(BO, NOON)

    assert events(part) == ["Seated"]


def test_the_seat_of_a_former_host_who_never_came_waits_a_minute() -> None:
    part = bos_part()
    part.keep_seat(BO, NOON)
    part.keep_seat(BO, NOON)

    assert events(part) == ["Seated", "Dropped"]
    assert part.seat_kept_until == after(60)


def test_how_long_a_hand_rests_is_a_number_that_the_event_keeps() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.leave(NOON, Rules(ask_again_after_withdrawing_s=7))
    part.join(NOON)
    part.raise_hand(after(7))
    part.lower_hand(person(1), after(8), Rules(ask_again_after_refusal_s=3))

    assert part.may_ask_from == after(11)
