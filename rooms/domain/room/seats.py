"""The stage of a room: who has a seat, and whose microphone is open."""

from datetime import datetime
from uuid import UUID

from rooms.domain.errors import AlreadyOnStage, OnlyYourself, StageIsFull
from rooms.domain.events import (
    AllMuted,
    SeatLapsed,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
)
from rooms.domain.room.core import RoomCore
from rooms.domain.words import Role, Seat
from spaces_project.kernel.entity import when


class Seats(RoomCore):
    """Seats are given, given back, taken away and kept; each starts muted."""

    def promote_speaker(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Give a seat to someone who is in the room."""
        self.must_be_live()
        self.must_lead(by)
        self._give_seat(account_id, by, at)

    def seat_invited(self, account_id: UUID, at: datetime) -> None:
        """Give a seat to someone who accepts an invitation to speak."""
        self.must_be_live()
        self._give_seat(account_id, account_id, at)

    def demote_speaker(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Move somebody else to the audience."""
        self.must_be_live()
        self.must_lead(by)
        self._seat(account_id)
        self.must_be_below(account_id, by)
        self.record(SpeakerDemoted, by=by, at=at, account_id=account_id)

    def step_down(self, account_id: UUID, at: datetime) -> None:
        """Give one's own seat back."""
        self.must_be_live()
        self._seat(account_id)
        self.must_not_host(account_id)
        self.record(SpeakerSteppedDown, by=account_id, at=at, account_id=account_id)

    def let_seat_lapse(self, account_id: UUID, at: datetime) -> None:
        """Free the seat of somebody who did not come back in time."""
        self.must_be_live()
        self._seat(account_id)
        self.must_not_host(account_id)
        self.record(SeatLapsed, by=None, at=at, account_id=account_id)

    def mute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Close a microphone; closing a closed one changes nothing."""
        self.must_be_live()
        if by != account_id:
            self.must_lead(by)
        if not self._seat(account_id).muted:
            self.record(SpeakerMuted, by=by, at=at, account_id=account_id)

    def mute_absent(self, account_id: UUID, by: UUID | None, at: datetime) -> None:
        """Close the microphone of somebody who is gone while the seat is kept."""
        self.must_be_live()
        if not self._seat(account_id).muted:
            self.record(SpeakerMuted, by=by, at=at, account_id=account_id)

    def unmute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Open one's own microphone; nobody opens somebody else's."""
        self.must_be_live()
        if by != account_id:
            raise OnlyYourself
        if self._seat(account_id).muted:
            self.record(SpeakerUnmuted, by=by, at=at, account_id=account_id)

    def mute_all(self, by: UUID, at: datetime) -> None:
        """Close all open microphones but those of host and co-hosts."""
        self.must_be_live()
        self.must_lead(by)
        loud = [a for a, s in self.seats.items() if s.role is Role.SPEAKER and not s.muted]
        if loud:
            self.record(AllMuted, by=by, at=at, account_ids=loud)

    def _give_seat(self, account_id: UUID, by: UUID, at: datetime) -> None:
        if account_id in self.seats:
            raise AlreadyOnStage
        if len(self.seats) >= self.seat_policy.stage_size:
            raise StageIsFull(stage_size=self.seat_policy.stage_size)
        self.record(SpeakerPromoted, by=by, at=at, account_id=account_id)

    # No rules below this line, only consequences: they run again on every replay.

    @when(SpeakerPromoted)
    def _speaker_promoted(self, event: SpeakerPromoted) -> None:
        self.seats[event.account_id] = Seat(Role.SPEAKER)

    @when(SpeakerDemoted)
    def _speaker_demoted(self, event: SpeakerDemoted) -> None:
        self._leave_seat(event.account_id)

    @when(SpeakerSteppedDown)
    def _speaker_stepped_down(self, event: SpeakerSteppedDown) -> None:
        self._leave_seat(event.account_id)

    @when(SeatLapsed)
    def _seat_lapsed(self, event: SeatLapsed) -> None:
        self._leave_seat(event.account_id)

    @when(SpeakerMuted)
    def _speaker_muted(self, event: SpeakerMuted) -> None:
        self._mute(event.account_id, event.by)

    @when(AllMuted)
    def _all_muted(self, event: AllMuted) -> None:
        for account_id in event.account_ids:
            self._mute(account_id, event.by)

    @when(SpeakerUnmuted)
    def _speaker_unmuted(self, event: SpeakerUnmuted) -> None:
        role = self.seats[event.account_id].role
        self.seats[event.account_id] = Seat(role, muted=False)

    def _mute(self, account_id: UUID, by: UUID | None) -> None:
        role = self.seats[account_id].role
        self.seats[account_id] = Seat(role, muted=True, muted_by=by)
