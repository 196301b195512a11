"""Somebody who waits until an append is stored."""

import threading

from spaces_project.kernel.log.appends import Append, Place

Places = list[Place] | None


class Caller:
    """Who waits for an append, and what became of it."""

    __slots__ = ("added", "error", "is_told", "places", "told")

    def __init__(self, added: Append) -> None:
        self.added = added
        self.told = threading.Lock()
        self.told.acquire()
        self.is_told = False
        self.places: Places = None
        self.error: Exception | None = None

    def tell(self, places: Places = None, error: Exception | None = None) -> None:
        """Say what became of the append, and let the caller go on; only the first time counts."""
        if not self.is_told:
            self.is_told = True
            self.places, self.error = places, error
            self.told.release()

    def answer(self) -> Places:
        """Return the places, None for a conflict, or raise the caller's own error."""
        if self.error is not None:
            raise self.error
        return self.places
