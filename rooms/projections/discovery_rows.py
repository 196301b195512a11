"""The rows of discovery, as its fold changes them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from rooms.domain.words import Role, RoomState
from spaces_project.kernel.following.tables import Table
from spaces_project.kernel.words import as_vector, words_of

RANKS: Final = {RoomState.LIVE: 2, RoomState.SCHEDULED: 1, RoomState.ENDED: 0}
RANK_BITS: Final = 50  # above the 48 bits of Unix milliseconds with which a room's id begins
ROOM: Final = "room"
SPEAK: Final = "speak"
GUEST: Final = "guest"


class ListingCells(msgspec.Struct):
    """A row of ``rooms_listing``."""

    room_id: UUID
    state: str
    place: int
    host_id: UUID
    creator_id: UUID
    title: str
    topic_ids: list[str]
    words: str
    audience_policy: str
    started_at: datetime | None = None
    followers_invited_at: datetime | None = None
    followers_invited_by: UUID | None = None

    def be(self, state: RoomState) -> None:
        """Be in a state, and in its place among what a search finds."""
        self.state = state
        self.place = place_of(self.room_id, state)

    def find_by(self) -> None:
        """Be found by the words of title and topics as they are now."""
        self.words = vector_of(self.title, self.topic_ids)


class StageCells(msgspec.Struct):
    """A row of ``rooms_on_stage``."""

    room_id: UUID
    account_id: UUID
    role: Role


class InvitationCells(msgspec.Struct):
    """A row of ``rooms_invitation``."""

    room_id: UUID
    account_id: UUID
    kind: str
    invited_by: UUID | None
    at: datetime
    expires_at: datetime | None = None


def place_of(room_id: UUID, state: RoomState) -> int:
    """Return where a room stands: the better its state and the newer it is, the higher."""
    return RANKS[state] << RANK_BITS | room_id.int >> 80


def vector_of(title: str, topic_ids: list[str]) -> str:
    """Return the words by which a room is found."""
    return as_vector(words_of(title, *topic_ids))


LISTINGS: Final = Table("rooms_listing", ListingCells, key=("room_id",))
STAGES: Final = Table("rooms_on_stage", StageCells, key=("room_id", "account_id"), grouped=True)
INVITATIONS: Final = Table(
    "rooms_invitation", InvitationCells, key=("room_id", "account_id", "kind"), grouped=True
)
NOBODY_ON_STAGE: Final = "DELETE FROM rooms_on_stage WHERE room_id = %s"
NOBODY_INVITED: Final = "DELETE FROM rooms_invitation WHERE room_id = %s"
