"""A removal that is lifted, and what it does not lift."""

from rooms.domain.admission import Pass
from rooms.domain.errors import NotRemoved, RemovedFromRoom
from tests.domain.scenes import ANA, BO, NOON, bo_inside, bos_part, events, refused


def test_whose_removal_is_lifted_comes_in_again() -> None:
    part = bo_inside()
    part.remove(ANA, NOON)
    with refused(part, RemovedFromRoom):
        part.join(NOON)
    part.lift_removal(ANA, NOON)
    part.join(NOON)

    assert events(part) == ["Left", "ParticipantRemoved", "RemovalLifted", "Joined"]


def test_what_was_not_done_is_not_lifted() -> None:
    part = bos_part()
    with refused(part, NotRemoved):
        part.lift_removal(ANA, NOON)
    part.block(ANA, NOON)
    with refused(part, NotRemoved):
        part.lift_removal(ANA, NOON)


def test_a_block_stays_when_a_removal_is_lifted_and_the_other_way_round() -> None:
    for first, then in (("lift_removal", "unblock"), ("unblock", "lift_removal")):
        part = bos_part()
        part.remove(ANA, NOON)
        part.block(ANA, NOON)
        getattr(part, first)(ANA, NOON)
        with refused(part, RemovedFromRoom):
            part.join(NOON)
        getattr(part, then)(ANA, NOON)
        part.join(NOON)

        assert events(part)[-1] == "Joined"


def test_whoever_was_removed_twice_was_removed_once() -> None:
    part = bo_inside()
    part.remove(ANA, NOON)
    part.remove(ANA, NOON)
    part.lift_removal(ANA, NOON)
    with refused(part, NotRemoved):
        part.lift_removal(ANA, NOON)


def test_an_invitation_and_the_guest_list_outlast_a_removal() -> None:
    part = bos_part()
    part.invite(ANA, NOON)
    part.admit(NOON)
    part.remove(ANA, NOON)
    part.lift_removal(ANA, NOON)

    assert part.pass_at(NOON) == Pass.INVITED | Pass.GUEST
    assert part.account_id == BO
