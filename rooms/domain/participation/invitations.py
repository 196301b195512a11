"""Invitations: the standing one to come in, and the short one to speak; the guest list."""

from datetime import datetime, timedelta
from uuid import UUID

from rooms.domain.admission import Pass
from rooms.domain.due import is_due
from rooms.domain.errors import AlreadyOnStage, InvitationIsOver, NotInvited, PersonIsOut
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
from rooms.domain.participation.going import Going
from rooms.domain.rules import DEFAULTS, Rules
from rooms.domain.words import SpeakInvitation
from spaces_project.kernel.entity import when


class Invitations(Going):
    """What lets somebody in, or onto the stage, whom the policies alone would not."""

    def pass_at(self, at: datetime) -> Pass:
        """Return what the person can show at the door."""
        shown = Pass.INSIDE if self.present else Pass.NONE
        if self.invited:
            shown |= Pass.INVITED
        if self.guest:
            shown |= Pass.GUEST
        if self.speak_invitation is not None and at < self.speak_invitation.expires_at:
            shown |= Pass.INVITED_TO_SPEAK
        return shown

    def invite(self, by: UUID, at: datetime) -> None:
        """Let the person come in, whatever the policy; inviting twice changes nothing."""
        self.must_not_be_out()
        if not self.invited:
            self._record(Invited, by, at)

    def admit(self, at: datetime) -> None:
        """Put the person on the guest list; twice changes nothing."""
        self.must_not_be_out()
        if not self.guest:
            self._record(GuestAdmitted, None, at)

    def invite_to_speak(self, by: UUID, at: datetime, rules: Rules = DEFAULTS) -> None:
        """Offer a seat for a while; while an offer is open, another changes nothing."""
        self.must_not_be_out()
        if self.seated:
            raise AlreadyOnStage
        if self.speak_invitation is not None:
            if at < self.speak_invitation.expires_at:
                return
            self._end_speak_invitation(by, at)
        expires_at = at + timedelta(seconds=rules.speak_invitation_s)
        self._record(InvitedToSpeak, by, at, expires_at=expires_at)

    def accept_to_speak(self, at: datetime) -> None:
        """Agree to speak; the seat is taken with it.

        :raises InvitationIsOver: after its time, also if nobody has recorded that yet.
        """
        self._must_be_asked_in_time(at)
        self._record(SpeakInvitationAccepted, self.account_id, at)

    def decline_invitation(self, at: datetime) -> None:
        """Say no to the offer of a seat, or else to the invitation."""
        if self.speak_invitation is not None:
            self._must_be_asked_in_time(at)
            self._record(SpeakInvitationDeclined, self.account_id, at)
        elif self.invited:
            self._record(InvitationDeclined, self.account_id, at)
        else:
            raise NotInvited

    def cancel_invitation(self, by: UUID, at: datetime) -> None:
        """Take the offer of a seat back, or else the invitation."""
        if self.speak_invitation is not None:
            self._end_speak_invitation(by, at)
        elif self.invited:
            self._record(Uninvited, by, at)
        else:
            raise NotInvited

    def let_speak_invitation_expire(self, at: datetime) -> None:
        """End an offer of a seat that nobody answered; before its time this changes nothing."""
        if self.speak_invitation is not None and is_due(self.speak_invitation.expires_at, at):
            self._record(SpeakInvitationExpired, None, at)

    def must_not_be_out(self) -> None:
        """Refuse to do somebody a kindness who was put out."""
        if self.removed or self.blocked:
            raise PersonIsOut

    def _must_be_asked_in_time(self, at: datetime) -> None:
        if self.speak_invitation is None:
            raise NotInvited
        if at >= self.speak_invitation.expires_at:
            raise InvitationIsOver

    # No rules below this line, only consequences: they run again on every replay.

    @when(Invited)
    def _invited(self, event: Invited) -> None:
        del event
        self.invited = True

    @when(Uninvited)
    def _uninvited(self, event: Uninvited) -> None:
        del event
        self.invited = False

    @when(InvitationDeclined)
    def _invitation_declined(self, event: InvitationDeclined) -> None:
        del event
        self.invited = False

    @when(GuestAdmitted)
    def _guest_admitted(self, event: GuestAdmitted) -> None:
        del event
        self.guest = True

    @when(InvitedToSpeak)
    def _invited_to_speak(self, event: InvitedToSpeak) -> None:
        self.speak_invitation = SpeakInvitation(event.by, event.expires_at)

    @when(SpeakInvitationAccepted)
    def _accepted(self, event: SpeakInvitationAccepted) -> None:
        del event
        self.speak_invitation = None

    @when(SpeakInvitationDeclined)
    def _declined(self, event: SpeakInvitationDeclined) -> None:
        del event
        self.speak_invitation = None

    @when(SpeakInvitationCancelled)
    def _cancelled(self, event: SpeakInvitationCancelled) -> None:
        del event
        self.speak_invitation = None

    @when(SpeakInvitationExpired)
    def _expired(self, event: SpeakInvitationExpired) -> None:
        del event
        self.speak_invitation = None
