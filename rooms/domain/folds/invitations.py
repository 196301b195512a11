"""Who is invited: to come in, to speak, as a guest."""

from typing import Final

from rooms.domain.events import (
    GuestAdmitted,
    InvitationDeclined,
    Invited,
    InvitedToSpeak,
    SpeakInvitationAccepted,
    SpeakInvitationCancelled,
    SpeakInvitationDeclined,
    SpeakInvitationExpired,
    Uninvited,
)
from rooms.domain.events.participation import ParticipationEvent
from rooms.domain.folds.fold import Fold
from rooms.domain.stage_state import StageState
from rooms.domain.words import SpeakInvitation
from spaces_project.kernel.entity import DomainEvent


def _invited(stage: StageState, happened: Invited) -> None:
    stage.invited.add(happened.account_id)


def _not_invited(stage: StageState, happened: Uninvited | InvitationDeclined) -> None:
    stage.invited.discard(happened.account_id)


def _admitted(stage: StageState, happened: GuestAdmitted) -> None:
    stage.guests.add(happened.account_id)


def _invited_to_speak(stage: StageState, happened: InvitedToSpeak) -> None:
    offer = SpeakInvitation(happened.by, happened.expires_at)
    stage.speak_invitations[happened.account_id] = offer


def _answered(stage: StageState, happened: ParticipationEvent) -> None:
    stage.speak_invitations.pop(happened.account_id, None)


INVITATIONS: Final[dict[type[DomainEvent], Fold]] = {
    Invited: _invited,
    Uninvited: _not_invited,
    InvitationDeclined: _not_invited,
    GuestAdmitted: _admitted,
    InvitedToSpeak: _invited_to_speak,
    SpeakInvitationAccepted: _answered,
    SpeakInvitationDeclined: _answered,
    SpeakInvitationCancelled: _answered,
    SpeakInvitationExpired: _answered,
}
