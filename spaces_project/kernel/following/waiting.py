"""Read your own write: whoever waits for a view is woken when the view has come that far."""

import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.listener import listener
from spaces_project.kernel.refusals import ProjectionBehind

CHANNEL: Final = "log_positions"
LONGEST_WAIT_S: Final = 2.0
LOOK_S: Final = 0.1  # the net below: a notification may be lost


def wait_until_projected(names: Iterable[str], position: int) -> None:
    """Return when all named read models have reached a position.

    :raises ProjectionBehind: after two seconds.
    """
    deadline = time.monotonic() + LONGEST_WAIT_S
    board = _board()
    with board.waiting(frozenset(names), position) as waiting:
        # Looked at behind the registration: what comes later is told.
        while not board.sees(waiting, positions()):
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                raise ProjectionBehind(retry_after_s=1)
            waiting.woken.wait(min(LOOK_S, remaining_s))
            if not waiting.missing:
                return
            waiting.woken.clear()


def announce(name: str, position: int) -> None:
    """Tell those who wait, here and in other processes, how far a follower has come.

    Call it after the commit: a NOTIFY inside the transaction would hold a lock of the whole
    cluster until its end.
    """
    _board().hear(f"{name}:{position}")
    listener().notify(CHANNEL, name, str(position))


class _Waiting:
    """One call that waits, and for whom it does."""

    __slots__ = ("missing", "position", "woken")

    def __init__(self, names: frozenset[str], position: int) -> None:
        self.missing = set(names)
        self.position = position
        self.woken = threading.Event()


class _Board:
    """Those who wait in this process. It listens from the first of them on."""

    def __init__(self) -> None:
        self._waiting: set[_Waiting] = set()
        self._lock = threading.Lock()
        self._listens = False

    @contextmanager
    def waiting(self, names: frozenset[str], position: int) -> Iterator[_Waiting]:
        """Tell a call, inside the block, when the last of its names has come to its position."""
        mine = _Waiting(names, position)
        with self._lock:
            self._waiting.add(mine)
            begins, self._listens = not self._listens, True
        try:
            if begins:
                listener().subscribe(CHANNEL, self.hear)
            yield mine
        finally:
            with self._lock:
                self._waiting.discard(mine)

    def sees(self, waiting: _Waiting, reached: Mapping[str, int]) -> bool:
        """Take notice of positions; tell whether a call need not wait any more."""
        with self._lock:
            waiting.missing -= {
                name for name in waiting.missing if reached.get(name, 0) >= waiting.position
            }
            return not waiting.missing

    def hear(self, payload: str) -> None:
        """Wake those who waited for a position; without one everybody, to look for themselves."""
        name, _, said = payload.rpartition(":")
        if not said.isdecimal():
            with self._lock:
                for waiting in self._waiting:
                    waiting.woken.set()
            return
        with self._lock:
            for waiting in self._waiting:
                if name in waiting.missing and int(said) >= waiting.position:
                    waiting.missing.discard(name)
                    if not waiting.missing:
                        waiting.woken.set()


_boards: dict[int, _Board] = {}


def _board() -> _Board:
    """Return this process's board; a process that was forked has one of its own."""
    found = _boards.get(os.getpid())
    return found or _boards.setdefault(os.getpid(), _Board())
