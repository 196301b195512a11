"""The live feed: every event of the log, in order, as soon as it is committed."""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from spaces_project.kernel.listener import listener
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.log.recorder import CHANNEL
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

CHECK_S: Final = 2.0
PAUSE_S: Final = 0.2
BATCH: Final = 500
LOOKED_AT_S: Final = 0.1


class LiveFeed(threading.Thread):
    """Follows the log from a position and hands every batch to ``on_batch``, on this thread.

    The process's listener wakes it up; a wake-up is only a hint, so it also looks every two
    seconds, and after each reconnect.

    :param after: the position to begin behind; None for the present end of the log.
    """

    def __init__(
        self, on_batch: Callable[[Sequence[Recorded]], None], after: int | None = None
    ) -> None:
        super().__init__(name="live feed", daemon=True)
        self._on_batch = on_batch
        self._position = after
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._reading = threading.Lock()
        # time.monotonic() at which all that was stored by then has been handed on, to 0.1 s
        self.looked_at = -math.inf

    @property
    def position(self) -> int:
        """The position of the last event that was handed on."""
        return self._position or 0

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stopped.set()
        self._woken.set()

    def begin(self) -> None:
        """Settle where the feed begins: whatever is stored from now on will be handed on."""
        with self._reading:
            if self._position is None:
                self._position = event_log().head()

    def run(self) -> None:
        """Follow until stopped; what broke is tried again."""
        with listener().subscribed(CHANNEL, self._wake):
            while not self._stopped.is_set():
                self._woken.clear()
                try:
                    # Whoever stores more after this read wakes us for it.
                    while self.read_on() == BATCH and not self._stopped.is_set():
                        pass
                except Exception as error:
                    log.warning("live feed: %s; trying again", error, exc_info=not passes(error))
                    self._stopped.wait(PAUSE_S)
                else:
                    self._woken.wait(CHECK_S)

    def catch_up_to(self, position: int) -> None:
        """Hand on everything up to a position now, on the caller's thread."""
        while self.position < position and self.read_on():
            pass

    def read_on(self) -> int:
        """Hand on the next batch; return its size."""
        self.begin()
        with self._reading:
            began = time.monotonic()
            asks = began - self.looked_at > LOOKED_AT_S
            newest = event_log().recorder.newest() if asks else 0
            batch = event_log().read_live(self.position, BATCH)
            if batch:
                self._on_batch(batch)
                self._position = batch[-1].position
            # Not while there is more behind it, or a hole in the log keeps it back.
            if asks and self.position >= newest:
                self.looked_at = began
            return len(batch)

    def _wake(self, _payload: str) -> None:
        self._woken.set()
