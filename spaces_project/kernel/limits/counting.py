"""Counting: on Redis, so that all processes count together; in memory while there is none."""

import hmac
import logging
import math
import time
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.limits.memory import BoundedMemory
from spaces_project.kernel.limits.seen import SeenHere, SeenInRedis
from spaces_project.kernel.limits.table import Limit
from spaces_project.kernel.once import once
from spaces_project.kernel.redis import blocking_pool
from spaces_project.kernel.refusals import TooManyRequests

log = logging.getLogger(__name__)

EXACT_UP_TO: Final = 100  # each hit is kept; beyond it two counters stand for them
AWAY_S: Final = 2.0  # so long a Redis that did not answer is not asked again
BROKEN: Final = (RedisError, OSError)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to somebody, and in how many seconds there will be more.

    ``is_repetition`` is true of a wish that was counted before: it is granted, and no second one.
    """

    limit: Limit
    remaining: int
    reset_s: int
    is_granted: bool = True
    is_repetition: bool = False

    def must_be_granted(self) -> None:
        """Refuse what is over the limit.

        :raises TooManyRequests: with the time to wait.
        """
        if not self.is_granted:
            raise TooManyRequests(retry_after_s=self.reset_s, limit=self.limit.name)


class Counter:
    """Hits on one storage."""

    def __init__(self, storage: BoundedMemory | RedisStorage, seen: SeenHere | SeenInRedis) -> None:
        self.storage = storage
        self._exact = MovingWindowRateLimiter(storage)
        self._approximate = SlidingWindowCounterRateLimiter(storage)
        self._seen = seen

    def hit(self, limit: Limit, subject: str, once: str | None = None) -> Allowance:
        """Count one, unless it is one too many, or counted under this name already."""
        item = RateLimitItemPerSecond(limit.amount, limit.window_s)
        strategy = self._exact if limit.amount <= EXACT_UP_TO else self._approximate
        granted = is_repetition = once is not None and self._seen.knows(once)
        if not is_repetition:
            granted = strategy.hit(item, subject)
            if granted and once is not None:
                self._seen.remember(once, limit.window_s)
        reset_at, remaining = strategy.get_window_stats(item, subject)
        left_s = max(1, math.ceil(reset_at - time.time()))
        return Allowance(
            limit, max(0, remaining), min(left_s, limit.window_s), granted, is_repetition
        )


class Counters:
    """Redis and, while it is away, memory: who is limited must not depend on Redis."""

    def __init__(self, url: str = "") -> None:
        self.here = Counter(BoundedMemory(), SeenHere())
        self._everywhere: Counter | None = None
        self._away_until = 0.0
        if url:
            pool = blocking_pool(url)
            storage = RedisStorage("redis://", connection_pool=pool, key_prefix="spaces")
            self._everywhere = Counter(storage, SeenInRedis(pool))

    def hit(self, limit: Limit, subject: str, once: str | None = None) -> Allowance:
        """Count one for a subject over all processes, as far as Redis is there."""
        named = pseudonym(f"{limit.name}\n{subject}")
        once = once and pseudonym(f"{limit.name}\n{subject}\n{once}")
        if self._everywhere is not None and time.monotonic() >= self._away_until:
            try:
                return self._everywhere.hit(limit, named, once)
            except BROKEN as error:
                self._away_until = time.monotonic() + AWAY_S
                log.warning("limits are counted in this process alone: %s", type(error).__name__)
        return self.here.hit(limit, named, once)


@once
def counters() -> Counters:
    """Return this process's counters."""
    return Counters(settings.REDIS_URL)


def hit(name: str, subject: object, once: str | None = None) -> Allowance | None:
    """Count one hit of a subject on a limit of the table; it may ask Redis, so not on a loop.

    :param once: the name of a wish: what is repeated under it is counted once.
    :return: what is left; None if the operator has lifted this limit.
    """
    limit = settings.LIMITS.get(name)
    return None if limit is None else counters().hit(limit, str(subject), once)


def hit_here(name: str, subject: object) -> Allowance | None:
    """Count one hit in this process's memory alone: at once, and for an event loop too."""
    limit = settings.LIMITS.get(name)
    return None if limit is None else counters().here.hit(limit, pseudonym(f"{name}\n{subject}"))


def pseudonym(subject: str) -> str:
    """Return a keyed name for a subject: nobody reads from Redis who did how much of what."""
    return hmac.digest(_secret(), subject.encode(), "sha256").hex()[:32]


@cache
def _secret() -> bytes:
    return hmac.digest(read_secret("token.key"), b"limits", "sha256")
