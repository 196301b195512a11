"""Being removed from a room, blocked from it, and let in again."""

import pytest

from rooms.domain.errors import BadText, OnlyOthers, RemovedFromRoom
from tests.domain.scenes import ANA, BO, NOON, after, bo_inside, bos_part, events, refused, state


@pytest.mark.parametrize("how", ["remove", "block"])
@pytest.mark.parametrize("before", ["away", "inside", "waiting", "on stage"])
def test_who_was_put_out_is_out_and_does_not_come_back(how: str, before: str) -> None:
    part = bos_part()
    if before != "away":
        part.join(NOON)
    if before == "waiting":
        part.raise_hand(NOON)
    if before == "on stage":
        part.take_seat(ANA, NOON)
    getattr(part, how)(ANA, NOON)

    assert state(part) == (False, False, False)
    for ask in (part.join, part.raise_hand, lambda at: part.take_seat(ANA, at)):
        with refused(part, RemovedFromRoom):
            ask(after(3600))


@pytest.mark.parametrize(
    ("how", "topic"), [("remove", "ParticipantRemoved"), ("block", "ParticipantBlocked")]
)
def test_putting_out_twice_is_putting_out_once(how: str, topic: str) -> None:
    part = bo_inside()
    getattr(part, how)(ANA, NOON)
    getattr(part, how)(ANA, NOON)
    part.leave(NOON)

    assert events(part) == ["Left", topic]
    assert {happened.by for happened in part.pending_events} == {ANA}


@pytest.mark.parametrize(
    ("how", "topic"), [("remove", "ParticipantRemoved"), ("block", "ParticipantBlocked")]
)
@pytest.mark.parametrize(
    ("before", "first"),
    [("away", []), ("inside", ["Left"]), ("on stage", ["Unseated", "Left"])],
)
def test_who_is_put_out_gives_the_seat_back_and_leaves_first(
    how: str, topic: str, before: str, first: list[str]
) -> None:
    part = bos_part() if before == "away" else bo_inside()
    if before == "on stage":
        part.take_seat(ANA, NOON)
    part.collect_events()
    getattr(part, how)(ANA, NOON)

    assert events(part) == [*first, topic]


@pytest.mark.parametrize("carried_over", [False, True])
def test_a_block_tells_whether_it_was_carried_over(carried_over: bool) -> None:
    part = bos_part()
    part.block(ANA, NOON, carried_over=carried_over)

    assert part.pending_events[0].carried_over is carried_over  # type: ignore[attr-defined]


def test_who_is_unblocked_comes_in_again() -> None:
    part = bo_inside()
    part.block(ANA, NOON)
    part.unblock(ANA, NOON)
    part.unblock(ANA, NOON)
    part.join(NOON)

    assert events(part) == ["Left", "ParticipantBlocked", "ParticipantUnblocked", "Joined"]
    assert not part.blocked


def test_an_unblock_lifts_no_removal() -> None:
    part = bo_inside()
    part.remove(ANA, NOON)
    part.block(ANA, NOON)
    part.unblock(ANA, NOON)

    assert (part.removed, part.blocked) == (True, False)
    with refused(part, RemovedFromRoom):
        part.join(after(3600))


def test_who_was_never_blocked_is_not_unblocked() -> None:
    part = bo_inside()
    part.unblock(ANA, NOON)

    assert events(part) == []


def test_who_was_removed_may_still_be_blocked() -> None:
    part = bo_inside()
    part.remove(ANA, NOON)
    part.block(ANA, NOON)

    assert (part.removed, part.blocked) == (True, True)


def test_the_reason_of_a_removal_has_a_limit() -> None:
    part = bo_inside()
    with refused(part, BadText):
        part.remove(ANA, NOON, "r" * 301)
    part.remove(ANA, NOON, " " + "r" * 300)

    assert part.pending_events[-1].reason == "r" * 300  # type: ignore[attr-defined]


def test_nobody_puts_themselves_out() -> None:
    part = bo_inside()
    with refused(part, OnlyOthers):
        part.remove(BO, NOON)

    assert part.present
