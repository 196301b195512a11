"""Who comes in: policies, invitations, the guest list, tickets; and whom the host tells."""

import pytest

from rooms.domain.admission import Pass
from rooms.domain.errors import (
    FollowersInvitedAlready,
    FollowersOnly,
    HostOnly,
    InvitedOnly,
    RoomIsOver,
    RoomIsPrivate,
    RoomNotLive,
    TicketedForever,
    TicketsOnly,
)
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.refusals import Refusal
from tests.domain.scenes import ANA, BO, NOON, ended_room, events, live_room, new_room, refused

POLICIES = {
    AudiencePolicy.PUBLIC: None,
    AudiencePolicy.FOLLOWERS: FollowersOnly,
    AudiencePolicy.INVITED: InvitedOnly,
    AudiencePolicy.TICKET: TicketsOnly,
}
LETS_IN = {
    Pass.INVITED: {AudiencePolicy.FOLLOWERS, AudiencePolicy.INVITED},
    Pass.GUEST: set(AudiencePolicy),
    Pass.INVITED_TO_SPEAK: set(AudiencePolicy),
    Pass.INSIDE: set(AudiencePolicy),
}


@pytest.mark.parametrize(("policy", "no"), POLICIES.items())
def test_without_a_pass_the_policy_alone_decides(
    policy: AudiencePolicy, no: type[Refusal] | None
) -> None:
    room = live_room(audience_policy=policy)
    if no is None:
        room.must_admit(BO, follows_host=False)
        return
    with refused(room, no):
        room.must_admit(BO, follows_host=False)


@pytest.mark.parametrize("shown", LETS_IN)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_pass_lets_in_where_it_counts(policy: AudiencePolicy, shown: Pass) -> None:
    room = live_room(audience_policy=policy)
    no = POLICIES[policy]
    if no is None or policy in LETS_IN[shown]:
        room.must_admit(BO, follows_host=False, shown=shown)
        return
    with refused(room, no):
        room.must_admit(BO, follows_host=False, shown=shown)


@pytest.mark.parametrize("policy", [AudiencePolicy.INVITED, AudiencePolicy.TICKET])
def test_following_the_host_opens_no_private_and_no_ticketed_room(policy: AudiencePolicy) -> None:
    with refused(room := live_room(audience_policy=policy), POLICIES[policy] or Refusal):
        room.must_admit(BO, follows_host=True)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_host_and_who_has_a_seat_always_come_in(policy: AudiencePolicy) -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.change_policies(policy, None, ANA, NOON)
    room.must_admit(ANA, follows_host=False)
    room.must_admit(BO, follows_host=False)


def test_no_pass_opens_a_room_before_its_start_or_after_its_end() -> None:
    with refused(room := new_room(), RoomNotLive):
        room.must_admit(BO, follows_host=True, shown=Pass.GUEST | Pass.INVITED_TO_SPEAK)
    with refused(over := ended_room(), RoomIsOver):
        over.must_admit(BO, follows_host=True, shown=Pass.GUEST | Pass.INSIDE)


@pytest.mark.parametrize("policy", [p for p in AudiencePolicy if p is not AudiencePolicy.TICKET])
def test_a_ticketed_room_never_widens(policy: AudiencePolicy) -> None:
    for room in (new_room(audience_policy=AudiencePolicy.TICKET), live_room()):
        room.change_policies(AudiencePolicy.TICKET, None, ANA, NOON)
        room.collect_events()
        with refused(room, TicketedForever):
            room.change_policies(policy, None, ANA, NOON)
        with refused(room, TicketedForever):
            room.change_policies(policy, SpeakPolicy.INVITED, ANA, NOON)
        room.change_policies(None, SpeakPolicy.INVITED, ANA, NOON)

        assert events(room) == ["PoliciesChanged"]
        assert room.audience_policy is AudiencePolicy.TICKET


def test_policies_change_while_scheduled_and_while_live() -> None:
    for room in (new_room(), live_room()):
        for policy in (AudiencePolicy.INVITED, AudiencePolicy.FOLLOWERS, AudiencePolicy.PUBLIC):
            room.change_policies(policy, None, ANA, NOON)
            assert room.audience_policy is policy


def test_followers_are_told_once_scheduled_or_live() -> None:
    for room in (new_room(), live_room(), live_room(audience_policy=AudiencePolicy.TICKET)):
        with refused(room, HostOnly):
            room.invite_followers(BO, NOON)
        room.invite_followers(ANA, NOON)
        with refused(room, FollowersInvitedAlready):
            room.invite_followers(ANA, NOON)

        assert events(room)[-1] == "FollowersInvited"


def test_a_private_room_is_not_told_to_followers() -> None:
    with refused(room := live_room(audience_policy=AudiencePolicy.INVITED), RoomIsPrivate):
        room.invite_followers(ANA, NOON)
    with refused(over := ended_room(), RoomIsOver):
        over.invite_followers(ANA, NOON)
