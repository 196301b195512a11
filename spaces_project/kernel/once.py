"""What a process has one of, however many threads are the first to ask for it."""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class once(Generic[Made]):  # noqa: N801 - a decorator
    """Make something at the first call, and return the same at every later one.

    ``functools.cache`` lets each of several first callers make one: two pools of connections, two
    caches, two writers. What is made may itself use others that are made once.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self.__doc__ = make.__doc__
        self._make = make
        self._made: list[Made] = []
        self._lock = threading.RLock()
        os.register_at_fork(after_in_child=self._renew)

    def __call__(self) -> Made:
        """Return what there is one of."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    @property
    def is_made(self) -> bool:
        """Whether anybody has asked for it yet."""
        return bool(self._made)

    def forget(self) -> None:
        """Make another one at the next call."""
        self._made.clear()

    def _renew(self) -> None:
        self._lock = threading.RLock()  # a thread that is not in this process may have held it
