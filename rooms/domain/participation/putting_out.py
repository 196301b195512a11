"""Putting somebody out, for good or until it is lifted."""

from datetime import datetime
from typing import Final
from uuid import UUID

from rooms.domain.errors import NotRemoved, OnlyOthers
from rooms.domain.events import (
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    RemovalLifted,
)
from rooms.domain.participation.going import Going
from rooms.domain.rules import DEFAULTS, Rules
from rooms.domain.texts import clean_text
from spaces_project.kernel.entity import when

LONGEST_REASON: Final = 300


class PuttingOut(Going):
    """A removal counts in this room, a block in every room of the host."""

    def remove(self, by: UUID, at: datetime, reason: str = "", rules: Rules = DEFAULTS) -> None:
        """Put somebody else out for good, also after he or she has left."""
        if by == self.account_id:
            raise OnlyOthers
        if not self.removed:
            reason = clean_text("reason", reason, 0, LONGEST_REASON)
            self._end_speak_invitation(by, at)
            self._go(by, at, rules)
            self._record(ParticipantRemoved, by, at, reason=reason)

    def lift_removal(self, by: UUID, at: datetime) -> None:
        """Let the person come in again; a block stays."""
        if not self.removed:
            raise NotRemoved
        self._record(RemovalLifted, by, at)

    def block(
        self, by: UUID, at: datetime, *, carried_over: bool = False, rules: Rules = DEFAULTS
    ) -> None:
        """Put the person out of every room of this host."""
        if not self.blocked:
            self._end_speak_invitation(by, at)
            self._go(by, at, rules)
            self._record(ParticipantBlocked, by, at, carried_over=carried_over)

    def unblock(
        self, by: UUID, at: datetime, *, elsewhere: bool = False, carried_over: bool = False
    ) -> None:
        """Let the person in again; a removal stays.

        :param elsewhere: the host has blocked the account, which this room may not know of.
        """
        if self.blocked or elsewhere:
            self._record(ParticipantUnblocked, by, at, carried_over=carried_over)

    # No rules below this line, only consequences: they run again on every replay.

    @when(ParticipantRemoved)
    def _removed(self, event: ParticipantRemoved) -> None:
        del event
        self.removed = True
        self._out()

    @when(RemovalLifted)
    def _removal_lifted(self, event: RemovalLifted) -> None:
        del event
        self.removed = False

    @when(ParticipantBlocked)
    def _blocked(self, event: ParticipantBlocked) -> None:
        del event
        self.blocked = True
        self._out()

    @when(ParticipantUnblocked)
    def _unblocked(self, event: ParticipantUnblocked) -> None:
        del event
        self.blocked = False
