"""How many sockets a person has open in all processes together, counted on Redis.

Each process writes down how many it has of each person, under a name that is good for a few
seconds and is renewed as long as the process lives. Whoever is killed takes the name along, and
from then on its sockets count no more. While Redis is away, every process counts by itself; when
it is back, each has a new name, and says anew whom it has.
"""

import atexit
import logging
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import redis
from django.conf import settings
from redis.exceptions import RedisError

from spaces_project.kernel.limits.counting import pseudonym
from spaces_project.kernel.once import once
from spaces_project.kernel.redis import blocking_pool

log = logging.getLogger(__name__)

AWAY_S: Final = 2.0  # so long a Redis that did not answer is not asked again
KEPT_S: Final = 7200  # what nobody writes again is forgotten
SAID_ANEW_S: Final = KEPT_S / 2
PREFIX: Final = "spaces:sockets:"
BROKEN: Final = (RedisError, OSError)

# How many others have, of those that live; then one more here, unless that is too many. Times are
# Redis's own: the clocks of the machines need not agree.
_SIT_DOWN: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local held, elsewhere = redis.call('HGETALL', KEYS[1]), 0
for place = 1, #held, 2 do
    local name, count = held[place], held[place + 1]
    if name ~= ARGV[1] then
        local good_until = redis.call('ZSCORE', KEYS[2], name)
        if good_until and tonumber(good_until) > now then
            elsewhere = elsewhere + count
        else
            redis.call('HDEL', KEYS[1], name)
        end
    end
end
if elsewhere + ARGV[2] > tonumber(ARGV[3]) then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
_RENEW: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local lived = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return lived and 1 or 0
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How many sockets of somebody are, or would be, open here; ``granted`` if that is asked."""

    name: str
    here: int
    most: int = 0
    granted: "Future[bool] | None" = None


class SharedPlaces(threading.Thread):
    """Counts on a thread of its own, in the order in which it is told; what waits goes together.

    :param lease_s: how long a process that is killed keeps its places, at most.
    """

    def __init__(self, url: str, lease_s: float) -> None:
        super().__init__(name="places", daemon=True)
        self._client = redis.Redis(connection_pool=blocking_pool(url))
        self._sit_down = self._client.register_script(_SIT_DOWN)
        self._renew_name = self._client.register_script(_RENEW)
        self._lease_s = lease_s
        self._processes = PREFIX + pseudonym("processes")
        self._me = uuid4().hex
        self._counts: dict[str, int] = {}
        self._said: deque[Said] = deque()
        self._something = threading.Event()
        self._stopped = False
        self._renew_at = self._say_anew_at = self._away_until = 0.0

    def ask(self, account_id: UUID, here: int, most: int) -> "Future[bool]":
        """Tell whether somebody may have so many sockets here, with those elsewhere.

        It is also granted while Redis is away.
        """
        granted: Future[bool] = Future()
        self._say(Said(_key(account_id), here, most, granted))
        return granted

    def tell(self, account_id: UUID, here: int) -> None:
        """Write down that somebody has so many sockets here."""
        self._say(Said(_key(account_id), here))

    def stop(self) -> None:
        """End the thread, and give all places back."""
        self.abandon()
        try:
            self._client.zrem(self._processes, self._me)
        except BROKEN as error:
            log.debug("the places of this process end with its lease: %s", type(error).__name__)

    def abandon(self) -> None:
        """End the thread without a word, as a kill does."""
        self._stopped = True
        self._something.set()
        self.join()

    def run(self) -> None:
        """Answer, and live on, until stopped."""
        while not self._stopped:
            self._something.wait(self._lease_s / 3)
            self._something.clear()
            self._answer([self._said.popleft() for _ in range(len(self._said))])

    def _say(self, said: Said) -> None:
        self._said.append(said)
        self._something.set()

    def _answer(self, said: list[Said]) -> None:
        answers = [True] * len(said)
        if time.monotonic() >= self._away_until:
            try:
                self._live_on()
                answers = self._write(said)
            except BROKEN as error:
                log.warning("sockets are counted in this process alone: %s", type(error).__name__)
                self._away_until = time.monotonic() + AWAY_S
                self._me, self._renew_at = uuid4().hex, 0.0  # nobody knows what was written
        for each, is_granted in zip(said, answers, strict=True):
            if is_granted and each.here:
                self._counts[each.name] = each.here
            elif is_granted:
                self._counts.pop(each.name, None)
            if each.granted is not None and each.granted.set_running_or_notify_cancel():
                each.granted.set_result(is_granted)

    def _live_on(self) -> None:
        """Renew the name; under a new one, or one that was not renewed in time, say all anew."""
        now = time.monotonic()
        if now < self._renew_at:
            return
        lived = self._renew_name([self._processes], [self._me, self._lease_s, KEPT_S])
        if not lived or now >= self._say_anew_at:
            self._write([Said(name, here) for name, here in self._counts.items()])
            self._say_anew_at = now + SAID_ANEW_S
        self._renew_at = now + self._lease_s / 3

    def _write(self, said: list[Said]) -> list[bool]:
        """Write all in one go; return what is granted."""
        if not said:
            return []
        with self._client.pipeline(transaction=False) as line:
            for each in said:
                if each.granted is not None:
                    words: list[str | int] = [self._me, each.here, each.most, KEPT_S]
                    self._sit_down([each.name, self._processes], words, client=line)
                elif each.here:
                    line.hset(each.name, self._me, each.here)
                else:
                    line.hdel(each.name, self._me)
            for name in {each.name for each in said if each.here}:
                line.expire(name, KEPT_S)  # also of sockets that stay open for longer than that
            answers = line.execute()[: len(said)]
        return [
            each.granted is None or bool(found) for each, found in zip(said, answers, strict=True)
        ]


def _key(account_id: UUID) -> str:
    """Return where a person is counted: nobody reads in Redis who that is."""
    return PREFIX + pseudonym(f"sockets\n{account_id.hex}")


@once
def shared_places() -> SharedPlaces | None:
    """Return this process's part of the count; None without a Redis."""
    if not settings.REDIS_URL:
        return None
    found = SharedPlaces(settings.REDIS_URL, settings.SOCKET_LEASE_S)
    found.start()
    atexit.register(found.stop)
    return found
