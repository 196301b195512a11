"""What each event changes for one person in a room."""

from collections.abc import Callable
from typing import Any, Final

from rooms.domain import events
from rooms.domain.rests import rests_until
from rooms.projections.directory.rows import ParticipantCells


def _join(part: ParticipantCells, happened: events.Joined | events.Returned, _seq: int) -> None:
    part.present, part.joined_at = True, happened.at


def _go_out(part: ParticipantCells, happened: events.Left, _seq: int) -> None:
    if part.hand_raised_at is not None:
        part.may_ask_from = rests_until(happened)
    part.go_out()


def _drop(part: ParticipantCells, _happened: events.Dropped, _seq: int) -> None:
    part.present = False
    part.lower_hand()


def _raise_hand(part: ParticipantCells, happened: events.HandRaised, seq: int) -> None:
    part.hand_raised_at, part.hand_seq = happened.at, seq


def _lower_hand(part: ParticipantCells, happened: events.HandLowered, _seq: int) -> None:
    part.lower_hand()
    part.may_ask_from = rests_until(happened)


def _sit_down(part: ParticipantCells, _happened: events.Seated, _seq: int) -> None:
    part.seated = True
    part.lower_hand()


def _stand_up(part: ParticipantCells, _happened: events.Unseated, _seq: int) -> None:
    part.seated = False


def _remove(part: ParticipantCells, happened: events.ParticipantRemoved, _seq: int) -> None:
    part.removed, part.removed_by, part.removed_at = True, happened.by, happened.at
    part.go_out()


def _let_back(part: ParticipantCells, _happened: events.RemovalLifted, _seq: int) -> None:
    part.removed, part.removed_by, part.removed_at = False, None, None


def _block(part: ParticipantCells, _happened: events.ParticipantBlocked, _seq: int) -> None:
    part.blocked = True
    part.go_out()


def _unblock(part: ParticipantCells, _happened: events.ParticipantUnblocked, _seq: int) -> None:
    part.blocked = False


def _invite(part: ParticipantCells, _happened: events.Invited, _seq: int) -> None:
    part.invited = True


def _uninvite(
    part: ParticipantCells, _happened: events.Uninvited | events.InvitationDeclined, _seq: int
) -> None:
    part.invited = False


def _admit(part: ParticipantCells, _happened: events.GuestAdmitted, _seq: int) -> None:
    part.guest = True


def _ask_to_speak(part: ParticipantCells, happened: events.InvitedToSpeak, _seq: int) -> None:
    part.speak_invited_by, part.speak_invited_until = happened.by, happened.expires_at


def _be_asked_no_more(
    part: ParticipantCells, _happened: events.ParticipationEvent, _seq: int
) -> None:
    part.be_asked_no_more()


PARTICIPANT_CHANGES: Final[dict[type, Callable[[ParticipantCells, Any, int], None]]] = {
    events.Joined: _join,
    events.Returned: _join,
    events.Left: _go_out,
    events.Dropped: _drop,
    events.HandRaised: _raise_hand,
    events.HandLowered: _lower_hand,
    events.Seated: _sit_down,
    events.Unseated: _stand_up,
    events.ParticipantRemoved: _remove,
    events.RemovalLifted: _let_back,
    events.ParticipantBlocked: _block,
    events.ParticipantUnblocked: _unblock,
    events.Invited: _invite,
    events.Uninvited: _uninvite,
    events.InvitationDeclined: _uninvite,
    events.GuestAdmitted: _admit,
    events.InvitedToSpeak: _ask_to_speak,
    events.SpeakInvitationAccepted: _be_asked_no_more,
    events.SpeakInvitationDeclined: _be_asked_no_more,
    events.SpeakInvitationCancelled: _be_asked_no_more,
    events.SpeakInvitationExpired: _be_asked_no_more,
}
