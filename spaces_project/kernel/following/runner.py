"""The supervised runner: one leader for each follower, others stand by."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Final, Protocol

from django.db import connections

from spaces_project.kernel.following.leases import Leases
from spaces_project.kernel.following.projector import Projector
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.following.watch import Watch, WatchThread
from spaces_project.kernel.listener import listener
from spaces_project.kernel.log.recorder import CHANNEL
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

CHECK_S: Final = 1.0
SHORTEST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0


class Led(Protocol):
    """A thread that works while it holds a lease of its own, beside the followers."""

    lease: str

    def start(self) -> None:
        """Begin, standing by."""

    def lead(self, leads: bool) -> None:
        """Work, or cease to."""

    def stop(self) -> None:
        """End soon."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end."""


class Runner:
    """Runs all followers of a process: one connection that listens, one that holds the leases.

    :param watches: what else is done by one process at a time, beside the log.
    :param beside: threads of their own that are led by the same leases.
    """

    def __init__(
        self,
        followers: Sequence[ReadModel | Policy],
        watches: Sequence[Watch] = (),
        beside: Sequence[Led] = (),
    ) -> None:
        self.threads = [FollowerThread(follower) for follower in followers]
        self._beside: list[Led] = [*(WatchThread(watch) for watch in watches), *beside]
        self._all: list[FollowerThread | Led] = [*self.threads, *self._beside]
        names = [*(each.name for each in followers), *(each.lease for each in self._beside)]
        self._leases = Leases(names, self._lead)
        self._listening = ExitStack()

    def start(self) -> None:
        """Begin to follow, or to stand by."""
        self._listening.enter_context(listener().subscribed(CHANNEL, self._wake))
        for thread in self._all:
            thread.start()
        self._leases.start()

    @property
    def has_caught_up(self) -> bool:
        """True if each follower that is led from here has reached the end of the log once."""
        return all(thread.caught_up.is_set() for thread in self.threads)

    def stop(self, within_s: float = 2.5) -> None:
        """End after the current transactions; what takes longer ends with the process.

        A batch that is cut off leaves nothing behind: its effects come with its position.
        """
        deadline = time.monotonic() + within_s
        self._listening.close()
        for thread in self._all:
            thread.stop()
        for thread in self._all:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._leases.stop()  # behind the last effect: whoever stands by need not wait for it
        self._leases.join(max(0.1, deadline - time.monotonic()))

    def _lead(self, names: frozenset[str]) -> None:
        for thread in self.threads:
            thread.lead(thread.follower.name in names)
        for each in self._beside:
            each.lead(each.lease in names)

    def _wake(self, _payload: str) -> None:
        for thread in self.threads:
            thread.wake()


class FollowerThread(threading.Thread):
    """Follows the log with one read model or policy while it leads."""

    def __init__(self, follower: ReadModel | Policy) -> None:
        super().__init__(name=f"follower {follower.name}", daemon=True)
        self.follower = follower
        self.caught_up = threading.Event()
        self._step = _step(follower)
        self._leads = False
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._pause_s = SHORTEST_PAUSE_S

    def lead(self, leads: bool) -> None:
        """Begin or cease to follow; a transaction that has begun is finished."""
        if leads != self._leads:
            self._leads = leads
            self.caught_up.clear()
            self.wake()

    def wake(self) -> None:
        """Look at the log now."""
        self._woken.set()

    def stop(self) -> None:
        """Ask the thread to end after the current transaction."""
        self._stopped.set()
        self.wake()

    def run(self) -> None:
        """Follow until stopped; whatever breaks is logged and tried again after a pause."""
        while not self._stopped.is_set():
            try:
                self._follow()
            except Exception as error:
                log.warning("%s: %s; trying again", self.name, error, exc_info=not passes(error))
                connections.close_all()
                self._stopped.wait(self._pause_s)
                self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        connections.close_all()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            while self._leads and not self._stopped.is_set():
                read = self._step()
                self._pause_s = SHORTEST_PAUSE_S
                if not read:
                    self.caught_up.set()
                    break
            self._woken.wait(CHECK_S)


def _step(follower: ReadModel | Policy) -> Callable[[], int]:
    if isinstance(follower, ReadModel):
        return Projector(follower).step
    return partial(react, follower)
