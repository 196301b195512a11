"""Who leads: the advisory locks of all followers of a process, on one connection."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Collection
from typing import Final

import psycopg

from spaces_project.kernel.database import connect_watched

log = logging.getLogger(__name__)

SPACE: Final = 8817  # the namespace of our advisory locks
CHECK_S: Final = 1.0
STAND_BY_S: Final = 0.1
SHORTEST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0
APPLICATION: Final = "spaces leases"  # what pg_stat_activity calls it

_TRY: Final = (
    "SELECT name FROM unnest(%s::text[], %s::int[]) AS wanted (name, key)"
    " WHERE pg_try_advisory_lock(%s, key)"
)


class Leases(threading.Thread):
    """Takes a lease for each follower, or stands by until its holder is gone.

    When the process or the connection dies, PostgreSQL gives all of them up at once, and so does
    this thread: whoever stands by takes them within ``STAND_BY_S``. A lease only keeps two
    processes from doing the same work; that no effect happens twice is the position's part.

    :param on_change: called with the names that are held by now, on this thread.
    """

    def __init__(self, names: Collection[str], on_change: Callable[[frozenset[str]], None]) -> None:
        super().__init__(name="leases", daemon=True)
        self._names = frozenset(names)
        self._on_change = on_change
        self._held: frozenset[str] = frozenset()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the thread to give everything up and end."""
        self._stopped.set()

    def run(self) -> None:
        """Hold what can be held until stopped, whatever becomes of the connection."""
        pause_s, lost = SHORTEST_PAUSE_S, False
        while not self._stopped.is_set():
            try:
                with connect_watched(APPLICATION) as connection:
                    pause_s, lost = SHORTEST_PAUSE_S, False
                    self._hold(connection)
            except Exception as error:
                if not lost:
                    known = isinstance(error, psycopg.OperationalError)
                    log.warning("no leases: %s; trying", error, exc_info=not known)
                lost = True
                self._have(frozenset())
                self._stopped.wait(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        self._have(frozenset())

    def _hold(self, connection: psycopg.Connection) -> None:
        checked_at = 0.0
        while not self._stopped.is_set():
            if missing := sorted(self._names - self._held):
                keys = [lock_key(name) for name in missing]
                got = {name for (name,) in connection.execute(_TRY, (missing, keys, SPACE))}
                self._have(self._held | got)
            elif time.monotonic() - checked_at > CHECK_S:
                connection.execute("SELECT 1")
                checked_at = time.monotonic()
            # Nobody notifies here: it sleeps, and ends with an error as soon as the server goes.
            for _ in connection.notifies(timeout=STAND_BY_S):
                pass

    def _have(self, held: frozenset[str]) -> None:
        if held != self._held:
            self._held = held
            self._on_change(held)


def lock_key(name: str) -> int:
    """Return the key of a follower's lock in our namespace."""
    return zlib.crc32(name.encode()) - 2**31
