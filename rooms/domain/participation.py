"""One person in one room: presence, hand, removal."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from rooms.domain.errors import (
    AlreadyOnStage,
    HandCoolingDown,
    HandIsDown,
    HandIsUp,
    NotInRoom,
    RemovedFromRoom,
)
from rooms.domain.events import (
    HandLowered,
    HandRaised,
    Joined,
    Left,
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    Seated,
    Unseated,
)
from rooms.domain.texts import clean_text
from spaces_project.kernel.entity import Entity, when

AFTER_WITHDRAWING: Final = timedelta(seconds=60)
AFTER_A_REFUSAL: Final = timedelta(minutes=5)
LONGEST_REASON: Final = 300


class Participation(Entity):
    """What one person does in one room, in a stream of its own.

    Whatever order commands arrive in:

    * nobody both sits on stage and waits with a raised hand;
    * nobody who was removed or blocked comes back;
    * whoever is away has neither a hand up nor, unless it is the host, a seat.
    """

    TOPIC = "rooms.Participation"

    def __init__(self, entity_id: UUID, room_id: UUID, account_id: UUID) -> None:
        super().__init__(entity_id)
        self._room_id = room_id
        self.account_id = account_id
        self.present = False
        self.seated = False
        self.removed = False
        self.blocked = False
        self.hand_raised_at: datetime | None = None
        self.may_ask_from: datetime | None = None

    @property
    def room_id(self) -> UUID:
        """The room in whose sequence these events are counted."""
        return self._room_id

    @property
    def key_id(self) -> UUID:
        """The room's key encrypts what people do in it."""
        return self._room_id

    # Decisions.

    def join(self, at: datetime) -> None:
        """Come in; coming in twice changes nothing."""
        self.must_be_welcome()
        if not self.present:
            self._record(Joined, self.account_id, at)

    def leave(self, at: datetime) -> None:
        """Go away; a hand goes down with it."""
        self._go(self.account_id, at)

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

    def lower_hand(self, by: UUID, at: datetime) -> None:
        """End the request for a seat: one's own, or as a leader who says no."""
        if self.hand_raised_at is None:
            raise HandIsDown
        self._record(HandLowered, by, at)

    def take_seat(self, by: UUID, at: datetime) -> None:
        """Move to the stage."""
        self.must_be_present()
        self._record(Seated, by, at)

    def give_seat_back(self, by: UUID, at: datetime) -> None:
        """Move to the audience."""
        if self.seated:
            self._record(Unseated, by, at)

    def remove(self, by: UUID, at: datetime, reason: str = "") -> None:
        """Put the person out for good, also after he or she has left."""
        if not self.removed:
            reason = clean_text("reason", reason, 0, LONGEST_REASON)
            self._go(by, at)
            self.record(ParticipantRemoved, by=by, at=at, account_id=self.account_id, reason=reason)

    def block(self, by: UUID, at: datetime, *, carried_over: bool = False) -> None:
        """Put the person out of every room of this host."""
        if not self.blocked:
            self._go(by, at)
            self.record(
                ParticipantBlocked,
                by=by,
                at=at,
                account_id=self.account_id,
                carried_over=carried_over,
            )

    def unblock(self, by: UUID, at: datetime) -> None:
        """Let the person in again; a removal stays."""
        if self.blocked:
            self._record(ParticipantUnblocked, by, at)

    # Rules that others ask about.

    def must_be_present(self) -> None:
        """Refuse for someone who is not inside."""
        self.must_be_welcome()
        if not self.present:
            raise NotInRoom

    def must_be_welcome(self) -> None:
        """Refuse for someone who was put out."""
        if self.removed or self.blocked:
            raise RemovedFromRoom

    def _go(self, by: UUID, at: datetime) -> None:
        if self.seated:
            self._record(Unseated, by, at)
        if self.present:
            self._record(Left, by, at)

    def _record(self, event_type: type, by: UUID, at: datetime) -> None:
        self.record(event_type, by=by, at=at, account_id=self.account_id)

    # No rules below this line, only consequences: they run again on every replay.

    @when(Joined)
    def _joined(self, event: Joined) -> None:
        del event
        self.present = True

    @when(Left)
    def _left(self, event: Left) -> None:
        if self.hand_raised_at is not None:  # going away withdraws the hand, at the same price
            self.may_ask_from = event.at + AFTER_WITHDRAWING
        self._out()

    @when(HandRaised)
    def _hand_raised(self, event: HandRaised) -> None:
        self.hand_raised_at = event.at

    @when(HandLowered)
    def _hand_lowered(self, event: HandLowered) -> None:
        self.hand_raised_at = None
        withdrawn = event.by == event.account_id
        self.may_ask_from = event.at + (AFTER_WITHDRAWING if withdrawn else AFTER_A_REFUSAL)

    @when(Seated)
    def _seated(self, event: Seated) -> None:
        del event
        self.seated = True
        self.hand_raised_at = None

    @when(Unseated)
    def _unseated(self, event: Unseated) -> None:
        del event
        self.seated = False

    @when(ParticipantRemoved)
    def _removed(self, event: ParticipantRemoved) -> None:
        del event
        self.removed = True
        self._out()

    @when(ParticipantBlocked)
    def _blocked(self, event: ParticipantBlocked) -> None:
        del event
        self.blocked = True
        self._out()

    @when(ParticipantUnblocked)
    def _unblocked(self, event: ParticipantUnblocked) -> None:
        del event
        self.blocked = False

    def _out(self) -> None:
        self.present = False
        self.seated = False
        self.hand_raised_at = None
