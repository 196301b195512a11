"""The live feed: every event of the log, in order, as soon as it is committed."""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.log.horizon import Fetch
from spaces_project.kernel.log.live_connection import Bell, LiveConnection
from spaces_project.kernel.log.recorder import CHANNEL
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

CHECK_S: Final = 2.0
PAUSE_S: Final = 0.2
BATCH: Final = 500


class LiveFeed(threading.Thread):
    """Follows the log from a position and hands every batch to ``on_batch``, on this thread.

    It listens on the connection that it reads on: an event is a wake-up and a read, and no hop to
    another thread between them. A wake-up is only a hint, so it also looks every two seconds, and
    after each reconnect.

    :param after: the position to begin behind; None for the present end of the log.
    """

    def __init__(
        self, on_batch: Callable[[Sequence[Recorded]], None], after: int | None = None
    ) -> None:
        super().__init__(name="live feed", daemon=True)
        self._hearers = [on_batch]
        self._position = after
        self._stopped = threading.Event()
        self._bell = Bell()
        self._reading = threading.Lock()
        # time.monotonic() at which all that was stored by then has been handed on
        self.looked_at = -math.inf

    def also_tell(self, on_batch: Callable[[Sequence[Recorded]], None]) -> None:
        """Hand every batch from now on to somebody else too, on this thread."""
        self._hearers.append(on_batch)

    @property
    def position(self) -> int:
        """The position of the last event that was handed on."""
        return self._position or 0

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stopped.set()
        self._bell.ring()

    def begin(self) -> None:
        """Settle where the feed begins: whatever is stored from now on will be handed on."""
        with self._reading:
            if self._position is None:
                self._position = event_log().head()

    def run(self) -> None:
        """Follow until stopped; what broke is tried again."""
        while not self._stopped.is_set():
            try:
                with closing(event_log().recorder.datastore.connect()) as connection:
                    self._follow(LiveConnection(connection, CHANNEL, self._bell))
            except Exception as error:
                log.warning("live feed: %s; trying again", error, exc_info=not passes(error))
                self._stopped.wait(PAUSE_S)

    def catch_up_to(self, position: int) -> None:
        """Hand on everything up to a position now, on the caller's thread."""
        while self.position < position and self.read_on():
            pass

    def read_on(self, fetch: Fetch | None = None) -> int:
        """Hand on the next batch; return its size.

        :param fetch: what reads it; the log's pool, if not given.
        """
        self.begin()
        with self._reading:
            began = time.monotonic()
            batch, is_all = event_log().look_live(self.position, BATCH, fetch)
            if batch:
                for hear in self._hearers:
                    hear(batch)
                self._position = batch[-1].position
            if is_all:
                self.looked_at = began
            return len(batch)

    def _follow(self, live: LiveConnection) -> None:
        while not self._stopped.is_set():
            # Whoever stores more after this read wakes us for it.
            while self.read_on(live.fetch) == BATCH and not self._stopped.is_set():
                pass
            live.wait(CHECK_S)
