"""What the directory's rows hold in forms of their own, for who writes and who reads them."""

from typing import Any, Final
from uuid import UUID

import msgspec

from rooms.domain.words import Seat

DIRECTORY: Final = "rooms_directory"
DESCRIPTION: Final = "rooms_room.description"


def plain_seats(seats: dict[UUID, Seat]) -> list[dict[str, Any]]:
    """Return the seats as a list, which keeps their order in jsonb."""
    return [
        {"account_id": str(account_id), **msgspec.to_builtins(seat)}
        for account_id, seat in seats.items()
    ]


def seats_of(plain: list[dict[str, Any]]) -> dict[UUID, Seat]:
    """Return the seats of a row, in their order."""
    return {UUID(seat["account_id"]): msgspec.convert(seat, Seat) for seat in plain}
