"""A raised hand: the request for a seat, and how long it rests afterwards."""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from rooms.domain.errors import AlreadyOnStage, HandCoolingDown, HandIsDown, HandIsUp
from rooms.domain.events import HandLowered, HandRaised
from rooms.domain.participation.core import ParticipationCore
from rooms.domain.rests import rests_until
from rooms.domain.rules import DEFAULTS, Rules
from spaces_project.kernel.entity import when


class Hand(ParticipationCore):
    """One open request per person."""

    def raise_hand(self, at: datetime) -> None:
        """Ask for a seat."""
        self.must_be_present()
        if self.seated:
            raise AlreadyOnStage
        if self.hand_raised_at is not None:
            raise HandIsUp
        if self.may_ask_from is not None and at < self.may_ask_from:
            wait = self.may_ask_from - at
            raise HandCoolingDown(retry_after_s=ceil(wait.total_seconds()))
        self._record(HandRaised, self.account_id, at)

    def lower_hand(self, by: UUID, at: datetime, rules: Rules = DEFAULTS) -> None:
        """End the request for a seat: one's own, or as a leader who says no."""
        if self.hand_raised_at is None:
            raise HandIsDown
        withdrawn = by == self.account_id
        rest_s = (
            rules.ask_again_after_withdrawing_s if withdrawn else rules.ask_again_after_refusal_s
        )
        self._record(HandLowered, by, at, may_ask_from=at + timedelta(seconds=rest_s))

    # No rules below this line, only consequences: they run again on every replay.

    @when(HandRaised)
    def _hand_raised(self, event: HandRaised) -> None:
        self.hand_raised_at = event.at

    @when(HandLowered)
    def _hand_lowered(self, event: HandLowered) -> None:
        self.hand_raised_at = None
        self.may_ask_from = rests_until(event)
