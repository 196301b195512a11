"""One person in one room: coming and going, the seat, the hand and its pauses."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.domain.errors import (
    AlreadyOnStage,
    HandCoolingDown,
    HandIsDown,
    HandIsUp,
    NotInRoom,
)
from spaces_project.kernel.entity import Entity
from tests.domain.scenes import (
    ANA,
    BO,
    BOS_PART,
    NOON,
    ROOM,
    after,
    bo_inside,
    bos_part,
    events,
    refused,
    state,
)


def test_joining_twice_is_joining_once() -> None:
    part = bos_part()
    part.join(NOON)
    part.join(NOON)

    assert events(part) == ["Joined"]
    assert state(part) == (True, False, False)


def test_leaving_twice_is_leaving_once_and_one_may_come_back() -> None:
    part = bo_inside()
    part.leave(NOON)
    part.leave(NOON)
    part.join(NOON)

    assert events(part) == ["Left", "Joined"]


def test_leaving_without_having_come_changes_nothing() -> None:
    part = bos_part()
    part.leave(NOON)

    assert events(part) == []


def test_a_hand_goes_down_with_who_leaves() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.leave(NOON)

    assert state(part) == (False, False, False)
    with refused(part, HandIsDown):
        part.lower_hand(BO, NOON)


def test_who_leaves_with_a_raised_hand_pays_for_it_as_for_withdrawing_it() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.leave(after(10))
    part.join(after(11))
    with refused(part, HandCoolingDown) as no:
        part.raise_hand(after(11))
    assert no.value.facts["retry_after_s"] == 59
    part.raise_hand(after(70))

    assert events(part) == ["HandRaised", "Left", "Joined", "HandRaised"]


def test_who_leaves_without_a_hand_up_asks_at_once_when_back() -> None:
    part = bo_inside()
    part.leave(NOON)
    part.join(NOON)
    part.raise_hand(NOON)

    assert part.hand_raised_at == NOON


def test_a_seat_goes_with_who_leaves() -> None:
    part = bo_inside()
    part.take_seat(ANA, NOON)
    part.leave(NOON)

    assert events(part) == ["Seated", "Unseated", "Left"]
    assert state(part) == (False, False, False)


def test_there_is_one_open_request_per_person() -> None:
    part = bo_inside()
    part.raise_hand(after(1))
    with refused(part, HandIsUp):
        part.raise_hand(after(2))

    assert events(part) == ["HandRaised"]
    assert part.hand_raised_at == after(1)


def test_only_who_is_inside_asks_or_sits() -> None:
    part = bos_part()
    with refused(part, NotInRoom):
        part.raise_hand(NOON)
    with refused(part, NotInRoom):
        part.take_seat(ANA, NOON)


def test_a_hand_that_is_not_up_is_not_lowered() -> None:
    part = bo_inside()
    for by in (BO, ANA):
        with refused(part, HandIsDown):
            part.lower_hand(by, NOON)


@pytest.mark.parametrize(
    ("by", "pause_s"), [(BO, 60), (ANA, 300)], ids=["withdrawn", "refused by a leader"]
)
def test_after_a_lowered_hand_there_is_a_pause(by: Any, pause_s: int) -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.lower_hand(by, after(10))
    with refused(part, HandCoolingDown) as no:
        part.raise_hand(after(10))
    assert no.value.facts["retry_after_s"] == pause_s
    with refused(part, HandCoolingDown) as no:
        part.raise_hand(after(10 + pause_s - 0.001))
    assert no.value.facts["retry_after_s"] == 1
    part.raise_hand(after(10 + pause_s))

    assert events(part) == ["HandRaised", "HandLowered", "HandRaised"]


@given(st.integers(0, 300_000))
def test_who_waits_as_long_as_was_said_is_heard(milliseconds: int) -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.lower_hand(ANA, NOON)
    asked: datetime = after(milliseconds / 1000)
    wait_s = 0
    try:
        part.raise_hand(asked)
    except HandCoolingDown as no:
        wait_s = no.facts["retry_after_s"]
        part.raise_hand(after(milliseconds / 1000 + wait_s))

    assert part.hand_raised_at is not None
    assert wait_s <= 300


def test_a_pause_is_not_shortened_by_leaving() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.lower_hand(ANA, NOON)
    part.leave(NOON)
    part.join(NOON)
    with refused(part, HandCoolingDown):
        part.raise_hand(after(299))


def test_who_sits_on_stage_raises_no_hand() -> None:
    part = bo_inside()
    part.take_seat(ANA, NOON)
    part.collect_events()
    with refused(part, AlreadyOnStage):
        part.raise_hand(NOON)


def test_a_seat_answers_the_hand_and_starts_no_pause() -> None:
    part = bo_inside()
    part.raise_hand(NOON)
    part.take_seat(ANA, NOON)
    assert state(part) == (True, True, False)
    part.give_seat_back(BO, NOON)
    part.give_seat_back(BO, NOON)
    part.raise_hand(NOON)

    assert events(part) == ["HandRaised", "Seated", "Unseated", "HandRaised"]


def test_what_one_does_is_counted_in_the_room_and_sealed_by_its_key() -> None:
    part = bo_inside()

    assert (part.id, part.room_id, part.key_id) == (BOS_PART, ROOM, ROOM)


def test_events_out_of_their_order_are_not_applied() -> None:
    part: Entity = bos_part()
    done = bo_inside()
    done.leave(NOON)
    with pytest.raises(ValueError, match="is at version 0, the event has 2"):
        part.apply(done.pending_events[0])
