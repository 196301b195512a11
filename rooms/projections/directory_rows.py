"""The rows of the directory, as its fold changes them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from rooms.domain.words import Role
from spaces_project.kernel.following.tables import Table


class SeatCells(msgspec.Struct):
    """A seat as the document in a room's row has it."""

    account_id: UUID
    role: Role
    muted: bool = True
    muted_by: UUID | None = None


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
    participant_count: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def seat_of(self, account_id: UUID) -> SeatCells:
        """Return somebody's seat."""
        return next(seat for seat in self.seats if seat.account_id == account_id)


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
    blocked: bool = False

    def lower_hand(self) -> None:
        """Stand in line no more."""
        self.hand_raised_at = self.hand_seq = None

    def go_out(self) -> None:
        """Be neither in the room, nor on stage, nor in line."""
        self.present = self.seated = False
        self.lower_hand()


ROOMS: Final = Table("rooms_room", RoomCells, key=("id",), documents=("seats",))
PARTICIPANTS: Final = Table(
    "rooms_participant", ParticipantCells, key=("room_id", "account_id"), grouped=True
)
ALL_GO_OUT: Final = """
UPDATE rooms_participant
SET present = false, seated = false, hand_raised_at = NULL, hand_seq = NULL
WHERE room_id = %s AND (present OR seated OR hand_seq IS NOT NULL)
"""
