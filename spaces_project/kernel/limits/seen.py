"""Which wishes were counted already: a repetition of one is not a second one."""

import threading
import time
from collections import OrderedDict
from typing import Final

import redis

MOST: Final = 50_000
PREFIX: Final = "spaces:seen:"


class SeenHere:
    """In this process's memory; the oldest are forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, wish: str) -> bool:
        """Tell whether a wish was counted and is remembered."""
        with self._lock:
            return self._until.get(wish, 0.0) > time.monotonic()

    def remember(self, wish: str, for_s: int) -> None:
        """Remember a wish for so many seconds."""
        with self._lock:
            self._until[wish] = time.monotonic() + for_s
            self._until.move_to_end(wish)
            while len(self._until) > self._most:
                self._until.popitem(last=False)


class SeenInRedis:
    """In Redis, for all processes."""

    def __init__(self, pool: redis.ConnectionPool) -> None:
        self._client = redis.Redis(connection_pool=pool)

    def knows(self, wish: str) -> bool:
        """Tell whether a wish was counted and is remembered."""
        return bool(self._client.exists(PREFIX + wish))

    def remember(self, wish: str, for_s: int) -> None:
        """Remember a wish for so many seconds."""
        self._client.set(PREFIX + wish, b"", ex=for_s)
