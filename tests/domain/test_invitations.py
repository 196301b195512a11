"""Invitations to one person: to come in, to speak, as a guest."""

from collections.abc import Callable

import pytest

from rooms.domain.admission import Pass
from rooms.domain.errors import (
    AlreadyOnStage,
    InvitationIsOver,
    NotInRoom,
    NotInvited,
    PersonIsOut,
)
from rooms.domain.events import InvitedToSpeak
from rooms.domain.participation import Participation
from rooms.domain.rules import Rules
from tests.domain.scenes import ANA, BO, NOON, after, bo_inside, bos_part, events, refused


def test_an_invitation_stands_until_it_is_taken_back() -> None:
    part = bos_part()
    part.invite(ANA, NOON)
    part.invite(ANA, NOON)
    assert part.pass_at(after(10**6)) == Pass.INVITED
    part.cancel_invitation(ANA, NOON)
    with refused(part, NotInvited):
        part.cancel_invitation(ANA, NOON)

    assert events(part) == ["Invited", "Uninvited"]
    assert part.pass_at(NOON) == Pass.NONE


def test_who_declines_is_not_invited_any_more_and_may_be_again() -> None:
    part = bos_part()
    part.invite(ANA, NOON)
    part.decline_invitation(NOON)
    with refused(part, NotInvited):
        part.decline_invitation(NOON)
    part.invite(ANA, NOON)

    assert events(part) == ["Invited", "InvitationDeclined", "Invited"]
    assert part.invited


def test_coming_and_going_does_not_use_an_invitation_up() -> None:
    part = bos_part()
    part.invite(ANA, NOON)
    part.join(NOON)
    assert part.pass_at(NOON) == Pass.INVITED | Pass.INSIDE
    part.leave(NOON)

    assert part.pass_at(NOON) == Pass.INVITED


def test_an_offer_of_a_seat_is_open_for_a_minute() -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    told = part.pending_events[0]

    assert isinstance(told, InvitedToSpeak)
    assert told.expires_at == after(60)
    assert part.pass_at(after(59.999)) == Pass.INVITED_TO_SPEAK
    assert part.pass_at(after(60)) == Pass.NONE


def test_how_long_an_offer_is_open_is_a_number() -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON, Rules(speak_invitation_s=5))
    with refused(part, InvitationIsOver):
        part.accept_to_speak(after(5))


def test_who_accepts_takes_the_seat_and_comes_in_first() -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    with refused(part, NotInRoom):
        part.take_seat(BO, after(59))
    part.accept_to_speak(after(59))
    part.join(after(59))
    part.take_seat(BO, after(59))

    assert events(part) == ["InvitedToSpeak", "SpeakInvitationAccepted", "Joined", "Seated"]
    assert (part.seated, part.speak_invitation) == (True, None)


def test_after_its_time_an_offer_is_over_though_nobody_has_said_so_yet() -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    with refused(part, InvitationIsOver):
        part.accept_to_speak(after(60))
    with refused(part, InvitationIsOver):
        part.decline_invitation(after(60))


ENDS: dict[str, Callable[[Participation], None]] = {
    "SpeakInvitationDeclined": lambda part: part.decline_invitation(after(1)),
    "SpeakInvitationCancelled": lambda part: part.cancel_invitation(ANA, after(1)),
    "SpeakInvitationExpired": lambda part: part.let_speak_invitation_expire(after(60)),
    "SpeakInvitationAccepted": lambda part: part.accept_to_speak(after(1)),
}


@pytest.mark.parametrize("topic", ENDS)
def test_an_offer_ends_once_by_one_of_four_ways(topic: str) -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    ENDS[topic](part)
    part.let_speak_invitation_expire(after(99))
    with refused(part, NotInvited):
        part.accept_to_speak(after(1))
    with refused(part, NotInvited):
        part.cancel_invitation(ANA, after(1))

    assert events(part) == ["InvitedToSpeak", topic]


def test_an_offer_does_not_expire_before_its_time() -> None:
    part = bos_part()
    part.let_speak_invitation_expire(NOON)
    part.invite_to_speak(ANA, NOON)
    part.let_speak_invitation_expire(after(57))

    assert events(part) == ["InvitedToSpeak"]


def test_a_second_offer_changes_nothing_while_the_first_is_open_and_is_one_afterwards() -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    part.invite_to_speak(ANA, after(30))
    assert events(part) == ["InvitedToSpeak"]
    part.invite_to_speak(ANA, after(61))

    assert events(part) == ["InvitedToSpeak", "SpeakInvitationExpired", "InvitedToSpeak"]
    assert part.pass_at(after(120)) == Pass.INVITED_TO_SPEAK


def test_the_offer_of_a_seat_is_answered_before_the_invitation() -> None:
    part = bos_part()
    part.invite(ANA, NOON)
    part.invite_to_speak(ANA, NOON)
    part.decline_invitation(NOON)
    assert part.invited
    part.decline_invitation(NOON)

    assert events(part)[-2:] == ["SpeakInvitationDeclined", "InvitationDeclined"]


def test_who_is_brought_onto_the_stage_needs_no_answer() -> None:
    part = bo_inside()
    part.invite_to_speak(ANA, NOON)
    part.take_seat(ANA, NOON)
    with refused(part, AlreadyOnStage):
        part.invite_to_speak(ANA, NOON)

    assert events(part) == ["InvitedToSpeak", "SpeakInvitationCancelled", "Seated"]


def test_a_guest_stays_on_the_list() -> None:
    part = bos_part()
    part.admit(NOON)
    part.admit(NOON)
    part.join(NOON)
    part.leave(NOON)

    assert events(part) == ["GuestAdmitted", "Joined", "Left"]
    assert part.pass_at(NOON) == Pass.GUEST


@pytest.mark.parametrize("out", ["remove", "block"])
def test_who_was_put_out_is_not_invited_and_open_offers_end_with_it(out: str) -> None:
    part = bos_part()
    part.invite_to_speak(ANA, NOON)
    getattr(part, out)(ANA, NOON)
    assert events(part)[1] == "SpeakInvitationCancelled"
    for kindness in (part.invite, part.invite_to_speak):
        with refused(part, PersonIsOut):
            kindness(ANA, NOON)
    with refused(part, PersonIsOut):
        part.admit(NOON)
