"""What this process was thrown: said to all processes in a tick, kept in the table in a second."""

import atexit
import logging
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import close_old_connections

from rooms.reactions.counts import Counted, add
from spaces_project.kernel.once import once
from spaces_project.kernel.outages import passes
from spaces_project.kernel.signals import publish

log = logging.getLogger(__name__)

CHANNEL: Final = "reactions"
TICK_S: Final = 0.25
KEEP_S: Final = 1.0
MOST_UNKEPT: Final = 10_000  # counts that wait for the database; beyond it they are given up


class Collector(threading.Thread):
    """Counts reactions in memory; a crash costs what has come since the last second."""

    def __init__(self) -> None:
        super().__init__(name="reactions", daemon=True)
        self._lock = threading.Lock()
        self._unsaid: dict[UUID, Counter[str]] = {}
        self._unkept: Counter[Counted] = Counter()
        self._something = threading.Event()

    def add(self, room_id: UUID, emoji: str) -> None:
        """Take one reaction, from any thread; it returns at once."""
        counted = Counted(room_id, datetime.now(UTC).replace(microsecond=0), emoji)
        with self._lock:
            self._unsaid.setdefault(room_id, Counter())[emoji] += 1
            self._unkept[counted] += 1
        self._something.set()

    def run(self) -> None:
        """Say and keep what comes, for ever."""
        kept_at = time.monotonic()
        while True:
            self._something.wait()
            time.sleep(TICK_S)
            self.say()
            if time.monotonic() - kept_at >= KEEP_S:
                kept_at = time.monotonic()
                self.keep()
            with self._lock:
                if not self._unkept:
                    self._something.clear()

    def say(self) -> None:
        """Tell all processes what has come since the last tick: one message for each room."""
        with self._lock:
            unsaid, self._unsaid = self._unsaid, {}
        for room_id, counts in unsaid.items():
            publish(CHANNEL, {"room": room_id.hex, "counts": counts})

    def keep(self) -> None:
        """Add what has come to the table, in one statement; what fails is tried again."""
        with self._lock:
            unkept, self._unkept = self._unkept, Counter()
        if not unkept:
            return
        try:
            close_old_connections()
            add(unkept)
        except Exception as error:
            log.warning("reactions wait for the database: %s", error, exc_info=not passes(error))
            with self._lock:
                if len(self._unkept) + len(unkept) <= MOST_UNKEPT:
                    self._unkept.update(unkept)


@once
def collector() -> Collector:
    """Return this process's collector; the first call starts it."""
    made = Collector()
    made.start()
    atexit.register(made.keep)
    return made
