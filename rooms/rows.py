"""What the directory's rows hold in forms of their own, for who writes and who reads them."""

from typing import Any, Final
from uuid import UUID

import msgspec

from rooms.domain.words import Seat

DIRECTORY: Final = "rooms_directory"
DESCRIPTION: Final = "rooms_room.description"


def seats_of(plain: list[dict[str, Any]]) -> dict[UUID, Seat]:
    """Return the seats of a row, in their order."""
    return {UUID(seat["account_id"]): msgspec.convert(seat, Seat) for seat in plain}
