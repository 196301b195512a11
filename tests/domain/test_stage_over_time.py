"""The stage when people drop out, the host changes, and rooms are private or empty."""

from rooms.domain.words import AudiencePolicy
from tests.domain.scenes import ANA, BO, NOON, after
from tests.domain.stage_scene import Scene


def test_who_dropped_out_of_a_seat_is_neither_heard_nor_listens_until_back() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    scene.told()
    scene.bo.drop(after(60), None, after(1))  # even if nobody had shut the microphone
    stage = scene.told()
    assert (stage.may_be_heard(BO), stage.may_listen(BO), stage.is_away(BO)) == (False, False, True)
    assert stage.kept_until == {BO: after(60)}
    scene.bo.join(after(9))
    stage = scene.told()

    assert (stage.may_be_heard(BO), stage.may_listen(BO), stage.is_away(BO)) == (True, True, False)
    assert stage.kept_until == {}


def test_all_muted_means_each_of_them_is_not_heard() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    scene.room.unmute(ANA, by=ANA, at=NOON)
    assert scene.told().may_be_heard(BO)
    scene.room.mute_all(by=ANA, at=NOON)
    stage = scene.told()

    assert (stage.may_be_heard(BO), stage.may_be_heard(ANA)) == (False, True)


def test_whose_seat_lapses_is_not_heard_any_more() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(BO, by=BO, at=NOON)
    scene.told()
    scene.bo.drop(after(60), None, NOON)
    scene.room.let_seat_lapse(BO, after(60))
    scene.bo.lose_seat(after(60))
    stage = scene.told()

    assert (BO in stage.seats, stage.kept_until) == (False, {})
    assert not stage.may_be_heard(BO)


def test_after_a_hand_over_the_stage_has_another_host_and_the_same_creator() -> None:
    scene = Scene().bo_on_stage()
    scene.room.hand_over(BO, by=ANA, at=NOON)
    stage = scene.told()

    assert (stage.host_id, stage.creator_id, stage.cohost_ids) == (BO, ANA, [ANA])
    assert (stage.leads(ANA), stage.leads(BO)) == (True, True)


def test_a_former_host_without_a_seat_hears_nothing_unless_inside() -> None:
    scene = Scene().bo_on_stage()
    scene.room.unmute(ANA, by=ANA, at=NOON)
    scene.room.appoint_cohost(BO, by=ANA, at=NOON)
    scene.room.succeed_host(BO, NOON)
    stage = scene.told()

    assert (stage.host_id, ANA in stage.seats) == (BO, False)
    assert (stage.may_be_heard(ANA), stage.may_listen(ANA), stage.leads(ANA)) == (
        False, False, False,
    )  # fmt: skip


def test_since_when_nobody_is_there_is_known_while_the_room_is_live() -> None:
    scene = Scene()
    assert scene.stage.empty_since is None
    assert scene.live().stage.empty_since == NOON
    scene.bo.join(after(1))
    assert scene.told().empty_since is None
    scene.bo.leave(after(2))
    assert scene.told().empty_since == after(2)
    scene.room.end(ANA, after(3))

    assert scene.told().empty_since is None


def test_the_stage_admits_as_the_room_does() -> None:
    scene = Scene().live()
    scene.room.change_policies(AudiencePolicy.INVITED, None, ANA, NOON)
    assert not scene.told().admits(BO, follows_host=True, at=NOON)
    scene.bo.invite_to_speak(ANA, NOON)
    assert scene.told().admits(BO, follows_host=False, at=after(59))
    assert not scene.stage.admits(BO, follows_host=False, at=after(60))
    scene.bo.join(after(1))
    scene.bo.decline_invitation(after(1))
    assert scene.told().admits(BO, follows_host=False, at=after(60))  # inside
    scene.bo.remove(ANA, after(2))

    assert not scene.told().admits(BO, follows_host=True, at=after(2))
