"""What the directory's rows hold in forms of their own, for who writes and who reads them."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from rooms.domain.words import Pin, Seat
from spaces_project.kernel.encryption import open_text, seal_text

DIRECTORY: Final = "rooms_directory"
DESCRIPTION: Final = "rooms_room.description"
PINS: Final = "rooms_room.pins"


class PinCells(msgspec.Struct):
    r"""A pin in a room's row; its words are sealed, as hexadecimal digits behind ``\x``."""

    pin_id: UUID
    text: str
    url: str | None
    pinned_by: UUID | None
    pinned_at: datetime


def seats_of(plain: list[dict[str, Any]]) -> dict[UUID, Seat]:
    """Return the seats of a row, in their order."""
    return {UUID(seat["account_id"]): msgspec.convert(seat, Seat) for seat in plain}


def away_from(plain: list[dict[str, Any]]) -> frozenset[UUID]:
    """Return who has a seat in a row and is not there."""
    return frozenset(UUID(seat["account_id"]) for seat in plain if seat.get("away"))


def pins_of(plain: list[dict[str, Any]], room_id: UUID) -> dict[UUID, Pin]:
    """Return the pins of a row, in their order, with their words opened."""
    pins = msgspec.convert(plain, list[PinCells])
    return {
        pin.pin_id: Pin(
            opened(pin.text, room_id, PINS),
            opened(pin.url, room_id, PINS) if pin.url is not None else None,
            pin.pinned_by,
            pin.pinned_at,
        )
        for pin in pins
    }


def sealed(text: str, room_id: UUID, place: str) -> str:
    r"""Return a text as a row keeps it: sealed, in hexadecimal digits behind ``\x``."""
    return f"\\x{seal_text(text, room_id, place).hex()}"


def opened(digits: str, room_id: UUID, place: str) -> str:
    """Return the text of a row; empty if its key is gone."""
    return open_text(bytes.fromhex(digits.removeprefix("\\x")), room_id, place) or ""
