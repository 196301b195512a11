"""The rows of the directory, as its fold changes them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from rooms.domain.words import Role
from rooms.rows import PinCells
from spaces_project.kernel.following.tables import Table


class SeatCells(msgspec.Struct):
    """A seat as the document in a room's row has it."""

    account_id: UUID
    role: Role
    muted: bool = True
    muted_by: UUID | None = None
    away: bool = False


class RoomCells(msgspec.Struct):
    """A row of ``rooms_room``."""

    id: UUID
    state: str
    host_id: UUID
    title: str
    description: str
    topic_ids: list[str]
    audience_policy: str
    speak_policy: str
    stage_size: int
    seats: list[SeatCells]
    created_at: datetime
    updated_at: datetime
    version: int
    seq: int
    creator_id: UUID
    cohost_ids: list[UUID] = []
    pins: list[PinCells] = []
    followers_invited: bool = False
    ending_at: datetime | None = None
    participant_count: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def seat_of(self, account_id: UUID) -> SeatCells:
        """Return somebody's seat."""
        return next(seat for seat in self.seats if seat.account_id == account_id)

    def has_seat(self, account_id: UUID) -> bool:
        """Tell whether somebody is on stage."""
        return any(seat.account_id == account_id for seat in self.seats)


class ParticipantCells(msgspec.Struct):
    """A row of ``rooms_participant``."""

    room_id: UUID
    account_id: UUID
    present: bool = False
    joined_at: datetime | None = None
    seated: bool = False
    hand_raised_at: datetime | None = None
    hand_seq: int | None = None
    removed: bool = False
    removed_by: UUID | None = None
    removed_at: datetime | None = None
    blocked: bool = False
    invited: bool = False
    guest: bool = False
    speak_invited_by: UUID | None = None
    speak_invited_until: datetime | None = None
    may_ask_from: datetime | None = None

    def lower_hand(self) -> None:
        """Stand in line no more."""
        self.hand_raised_at = self.hand_seq = None

    def be_asked_no_more(self) -> None:
        """Have no open invitation to speak."""
        self.speak_invited_by = self.speak_invited_until = None

    def go_out(self) -> None:
        """Be neither in the room, nor on stage, nor in line."""
        self.present = self.seated = False
        self.lower_hand()


ROOMS: Final = Table("rooms_room", RoomCells, key=("id",), documents=("seats", "pins"))
PARTICIPANTS: Final = Table(
    "rooms_participant", ParticipantCells, key=("room_id", "account_id"), grouped=True
)
ALL_GO_OUT: Final = """
UPDATE rooms_participant
SET present = false, seated = false, hand_raised_at = NULL, hand_seq = NULL,
    speak_invited_by = NULL, speak_invited_until = NULL
WHERE room_id = %s
AND (present OR seated OR hand_seq IS NOT NULL OR speak_invited_until IS NOT NULL)
"""
