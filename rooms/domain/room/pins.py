"""The pins of a room: a few texts and links for everybody to see."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from rooms.domain.errors import BadLink, PinNotFound, TooManyPins
from rooms.domain.events import Pinned, Unpinned
from rooms.domain.room.core import RoomCore
from rooms.domain.rules import DEFAULTS, Rules
from rooms.domain.texts import clean_text
from rooms.domain.words import Pin
from spaces_project.kernel.entity import when

LONGEST_LINK: Final = 2000
SCHEMES: Final = frozenset({"http", "https"})


def clean_link(url: str) -> str:
    """Return a web address without white space at its ends.

    :raises BadLink: for anything else, above all for an address that would run as a script.
    """
    cleaned = url.strip()
    is_plain = all(c.isprintable() and not c.isspace() for c in cleaned)
    if len(cleaned) > LONGEST_LINK or not is_plain or not _is_web_address(cleaned):
        raise BadLink(limit=LONGEST_LINK)
    return cleaned


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:  # an address of the sixth version that is none
        return False


class Pins(RoomCore):
    """Pins stay until a leader takes them down."""

    def pin(
        self,
        pin_id: UUID,
        by: UUID,
        at: datetime,
        *,
        text: str = "",
        url: str | None = None,
        rules: Rules = DEFAULTS,
    ) -> None:
        """Pin a text, a link, or both."""
        self.must_not_be_over()
        self.must_lead(by)
        link = None if url is None else clean_link(url)
        shortest = 0 if link else 1
        cleaned = clean_text("text", text, shortest, rules.longest_pin)
        if len(self.pins) >= rules.most_pins:
            raise TooManyPins(limit=rules.most_pins)
        self.record(Pinned, by=by, at=at, pin_id=pin_id, text=cleaned, url=link)

    def unpin(self, pin_id: UUID, by: UUID, at: datetime) -> None:
        """Take a pin down, whoever pinned it."""
        self.must_not_be_over()
        self.must_lead(by)
        if pin_id not in self.pins:
            raise PinNotFound
        self.record(Unpinned, by=by, at=at, pin_id=pin_id)

    # No rules below this line, only consequences: they run again on every replay.

    @when(Pinned)
    def _pinned(self, event: Pinned) -> None:
        self.pins[event.pin_id] = Pin(event.text, event.url, event.by, event.at)

    @when(Unpinned)
    def _unpinned(self, event: Unpinned) -> None:
        del self.pins[event.pin_id]
