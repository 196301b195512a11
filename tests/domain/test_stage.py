"""The stage as the log tells it: who may be heard, who may listen."""

from uuid import UUID

import pytest

from rooms.domain.words import AudiencePolicy, RoomState
from spaces_project.kernel.log.mapper import UNKNOWN_TIME, Purged
from tests.domain.scenes import ANA, BO, CY, NOON, after, bos_part
from tests.domain.stage_scene import Scene


def test_before_the_start_nobody_is_heard_or_listens() -> None:
    scene = Scene()

    assert scene.stage.state is RoomState.SCHEDULED
    assert scene.stage.host_id == ANA
    assert not scene.stage.may_be_heard(ANA)
    assert not scene.stage.may_listen(ANA)


def test_a_speaker_is_heard_from_the_own_unmuting_to_the_next_muting() -> None:
    scene = Scene().bo_on_stage()
    assert not scene.stage.may_be_heard(BO)
    scene.room.unmute(BO, by=BO, at=NOON)
    assert scene.told().may_be_heard(BO)
    scene.room.mute(BO, by=ANA, at=NOON)

    assert not scene.told().may_be_heard(BO)
    assert scene.stage.seats[BO].muted_by == ANA


def test_who_is_demoted_is_not_heard_but_listens() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    scene.told()
    scene.room.demote_speaker(BO, by=ANA, at=NOON)
    stage = scene.told()

    assert (stage.may_be_heard(BO), stage.may_listen(BO)) == (False, True)


@pytest.mark.parametrize(
    ("how", "removed", "blocked"), [("remove", {BO}, set()), ("block", set(), {BO})]
)
def test_who_is_put_out_neither_is_heard_nor_listens(
    how: str, removed: set[UUID], blocked: set[UUID]
) -> None:
    scene = Scene().bo_on_stage()
    scene.room.demote_speaker(BO, by=ANA, at=NOON)
    getattr(scene.bo, how)(ANA, NOON)
    stage = scene.told()

    assert (stage.may_be_heard(BO), stage.may_listen(BO)) == (False, False)
    assert (stage.removed, stage.blocked) == (removed, blocked)
    assert stage.is_put_out(BO)
    assert BO not in stage.present


def test_who_is_unblocked_comes_in_again_and_listens() -> None:
    scene = Scene().live()
    scene.bo.join(NOON)
    scene.bo.block(ANA, NOON)
    assert scene.told().is_put_out(BO)
    scene.bo.unblock(ANA, NOON)
    assert not scene.told().is_put_out(BO)
    assert not scene.stage.may_listen(BO)
    scene.bo.join(NOON)

    assert scene.told().may_listen(BO)


def test_an_unblock_lifts_no_removal() -> None:
    scene = Scene().live()
    scene.bo.remove(ANA, NOON)
    scene.bo.block(ANA, NOON)
    scene.bo.unblock(ANA, NOON)
    stage = scene.told()

    assert stage.is_put_out(BO)
    assert (stage.removed, stage.blocked) == ({BO}, set())


def test_who_is_put_out_is_silent_even_where_a_seat_is_left() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    assert scene.told().may_be_heard(BO)
    scene.bo.remove(ANA, NOON)

    assert not scene.told().may_be_heard(BO)
    assert not scene.stage.may_listen(BO)


def test_listeners_listen_while_they_are_inside_and_the_host_always() -> None:
    scene = Scene().live()
    assert scene.stage.may_listen(ANA)
    assert not scene.stage.may_listen(BO)
    scene.bo.join(NOON)
    assert scene.told().may_listen(BO)
    scene.bo.leave(NOON)

    assert not scene.told().may_listen(BO)


def test_after_the_end_there_is_nobody() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    scene.room.end(ANA, after(9))
    stage = scene.told()

    assert (stage.state, stage.ended_at) == (RoomState.ENDED, after(9))
    assert (stage.seats, stage.hands, stage.present) == ({}, {}, {})
    assert not any(may(who) for may in (stage.may_be_heard, stage.may_listen) for who in (ANA, BO))


def test_the_line_is_first_in_first_out() -> None:
    scene = Scene().bo_on_stage()
    for who, part in ((BO, bos_part()), (CY, bos_part())):
        part.account_id = who
        part.join(NOON)
        part.raise_hand(NOON)
        for happened in part.collect_events():
            scene.stage.apply(happened, scene.stage.seq + 1)

    assert list(scene.stage.hands) == [BO, CY]


def test_policies_and_leaders_are_told() -> None:
    scene = Scene().bo_on_stage()
    scene.room.change_policies(AudiencePolicy.FOLLOWERS, None, ANA, NOON)
    stage = scene.told()

    assert stage.audience_policy is AudiencePolicy.FOLLOWERS
    assert (stage.leads(ANA), stage.leads(BO), stage.leads(CY)) == (True, False, False)


def test_an_event_whose_payload_is_gone_is_only_counted() -> None:
    scene = Scene()
    before = scene.stage.seq
    scene.stage.apply(Purged(at=UNKNOWN_TIME, topic="rooms.Joined"), before + 1)

    assert scene.stage.seq == before + 1
    assert scene.stage.state is RoomState.SCHEDULED


@pytest.mark.parametrize("step", [-1, 0, 2])
def test_an_event_out_of_its_order_is_not_folded(step: int) -> None:
    scene = Scene()
    scene.room.start(ANA, NOON)
    (started,) = scene.room.collect_events()
    with pytest.raises(ValueError, match="is at seq 1"):
        scene.stage.apply(started, scene.stage.seq + step)

    assert scene.stage.state is RoomState.SCHEDULED
