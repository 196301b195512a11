"""What this node cannot know at the moment; while in doubt, nobody is heard."""

import logging
import time
from collections.abc import Callable
from uuid import UUID

from media.domain.limits import LOG_LOOKED_AT_S
from spaces_project.kernel.ids import public

log = logging.getLogger(__name__)


class Doubts:
    """About one room, whose log cannot be read; or about all, while the log is out of reach.

    The log may hold a muting that nobody could tell us of, so the gates are shut. Sessions stay.
    Each doubt is logged when it begins and when it ends.
    """

    def __init__(self) -> None:
        self.looked_at: Callable[[], float] | None = None  # time.monotonic() of the feed's look
        self._rooms: set[UUID] = set()
        self._late = True

    def about(self, room_id: UUID) -> bool:
        """Return whether it is not certain what the log says of a room."""
        return self.about_just(room_id) or (self._late and self.looked_at is not None)

    def about_just(self, room_id: UUID) -> bool:
        """Return whether this very room could not be read."""
        return room_id in self._rooms

    def raise_about(self, room_id: UUID, reason: str) -> bool:
        """Doubt one room from now on; return whether that is news."""
        if room_id in self._rooms:
            return False
        self._rooms.add(room_id)
        log.error("%s: nobody is heard: %s", public("room", room_id), reason)
        return True

    def settle(self, room_id: UUID) -> None:
        """Doubt a room no longer: all of it was read."""
        if room_id in self._rooms:
            self._rooms.remove(room_id)
            log.info("%s: the doubt is over", public("room", room_id))

    def is_log_late(self) -> bool:
        """Return whether the feed has not looked at the log for too long."""
        return self.looked_at is not None and time.monotonic() - self.looked_at() > LOG_LOOKED_AT_S

    def note_late(self, late: bool) -> bool:
        """Doubt all rooms, or no longer; return whether that is news."""
        if late == self._late:
            return False
        self._late = late
        if late:
            log.error("nobody is heard: the log was not reached for %.0f s", LOG_LOOKED_AT_S)
        else:
            log.info("the log is followed")
        return True
