"""What goes with somebody who goes, and with a seat that is taken: the hand, the open offer."""

from datetime import datetime, timedelta
from uuid import UUID

from rooms.domain.events import (
    Left,
    SpeakInvitationCancelled,
    SpeakInvitationExpired,
    Unseated,
)
from rooms.domain.participation.core import ParticipationCore
from rooms.domain.rules import Rules


class Going(ParticipationCore):
    """Decisions that are part of others."""

    def _go(self, by: UUID | None, at: datetime, rules: Rules) -> None:
        if self.seated:
            self._record(Unseated, by, at)
        if self.present:
            rest = None
            if self.hand_raised_at is not None:
                rest = at + timedelta(seconds=rules.ask_again_after_withdrawing_s)
            self._record(Left, by, at, may_ask_from=rest)

    def _end_speak_invitation(self, by: UUID | None, at: datetime) -> None:
        """Say what became of an open offer of a seat that nobody will answer."""
        if self.speak_invitation is None:
            return
        if at >= self.speak_invitation.expires_at:
            self._record(SpeakInvitationExpired, None, at)
        else:
            self._record(SpeakInvitationCancelled, by, at)
