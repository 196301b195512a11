"""Counters in this process's memory, for the library ``limits``: bounded, and without a timer.

The library's own keeps an empty list for each subject that it ever saw, and starts a thread for
every hundredth of a second in which something is counted.
"""

import threading
import time
from collections import OrderedDict, deque
from typing import Final

from limits.storage import MovingWindowSupport, SlidingWindowCounterSupport, Storage

MOST_SUBJECTS: Final = 50_000  # the longest untouched are forgotten first


class BoundedMemory(Storage, MovingWindowSupport, SlidingWindowCounterSupport):
    """Times for small limits, two counters for large ones; at most so many of each.

    :param most: subjects that are remembered at once.
    """

    STORAGE_SCHEME = ["spaces"]

    def __init__(self, most: int = MOST_SUBJECTS) -> None:
        super().__init__()
        self._most = most
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        # The number of a window, how many were counted in it, and in the one before.
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a storage may raise: this one nothing."""
        return OSError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count one more if fewer than the limit were counted within ``expiry`` seconds."""
        now = time.time()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            _forget(self._times, self._most)
            while times and times[0] <= now - expiry:
                times.popleft()
            if len(times) + amount > limit:
                return False
            times.extend([now] * amount)
            return True

    def get_moving_window(
        self,
        key: str,
        limit: int,  # noqa: ARG002 - the library says how it is called
        expiry: int,
    ) -> tuple[float, int]:
        """Return the time of the oldest that still counts, and how many do."""
        now = time.time()
        with self._lock:
            counted = [at for at in self._times.get(key, ()) if at > now - expiry]
        return (counted[0] if counted else now), len(counted)

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count one more if this window's count and its share of the last are below the limit."""
        now = time.time()
        with self._lock:
            number, count, before = self._window(key, expiry, now)
            share = before * (1 - now % expiry / expiry)
            if int(share) + count + amount > limit:
                return False
            self._counts[key] = (number, count + amount, before)
            self._counts.move_to_end(key)
            _forget(self._counts, self._most)
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return the former window's count and seconds left, and this one's."""
        now = time.time()
        with self._lock:
            _, count, before = self._window(key, expiry, now)
        left_s = expiry - now % expiry
        return before, left_s, count, left_s + expiry

    def _window(self, key: str, expiry: int, now: float) -> tuple[int, int, int]:
        present = int(now // expiry)
        number, count, before = self._counts.get(key, (present, 0, 0))
        if number == present:
            return present, count, before
        return present, 0, count if number == present - 1 else 0

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget one subject."""
        del expiry
        self.clear(key)

    def clear(self, key: str) -> None:
        """Forget one subject."""
        with self._lock:
            self._times.pop(key, None)
            self._counts.pop(key, None)

    def reset(self) -> int:
        """Forget everybody; return how many there were."""
        with self._lock:
            known = len(self._times) + len(self._counts)
            self._times.clear()
            self._counts.clear()
        return known

    def check(self) -> bool:
        """Tell that memory is there."""
        return True

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Refuse: no limit of ours has a fixed window, at whose edge twice as much passes."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Refuse, as above."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse, as above."""
        raise NotImplementedError


def _forget(known: "OrderedDict[str, deque[float]] | OrderedDict[str, tuple[int, int, int]]",
            most: int) -> None:  # fmt: skip
    while len(known) > most:
        known.popitem(last=False)
