"""Places over all processes: counted together on Redis, and free again when one is killed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from spaces_project.kernel.limits.table import Limit
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.greeting import Goodbye
from spaces_project.kernel.sockets.places import Places
from spaces_project.kernel.sockets.shared_places import SharedPlaces
from tests.consumers.test_connections import ANA, BO
from tests.kernel.redis_server import RedisServer, running_redis

FIVE = Limit("sockets", 5, 0)
LEASE_S = 2.0
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_redis() as started:
        yield started


@pytest.fixture
def redis(server: RedisServer) -> RedisServer:
    server.client().flushall()
    return server


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


class Process:
    """What one web process knows of its sockets."""

    def __init__(self, redis: RedisServer, stack: ExitStack) -> None:
        self.shared = SharedPlaces(redis.url, LEASE_S)
        self.shared.start()
        stack.callback(self.shared.abandon)
        self.places = Places(lambda: self.shared)

    async def sits(self, who: UUID = ANA) -> bool:
        """Tell whether one more socket of somebody is let in."""
        try:
            await self.places.sit_down(who, FIVE)
        except Goodbye as goodbye:
            return goodbye.code != close_codes.RATE_LIMITED
        return True


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_person_has_five_sockets_wherever_they_are(
    redis: RedisServer, stack: ExitStack
) -> None:
    one, other = Process(redis, stack), Process(redis, stack)
    here = [await one.sits() for _ in range(3)]
    there = [await other.sits() for _ in range(3)]

    assert (here, there) == ([True] * 3, [True, True, False])
    assert not await one.sits()
    assert await one.sits(BO)
    one.places.get_up(ANA)
    await eventually(other.sits)
    assert not await one.sits()
    assert not await other.sits()


async def test_who_races_gets_no_more_and_no_fewer(redis: RedisServer, stack: ExitStack) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    processes = [Process(redis, stack) for _ in range(3)]
    sitting: list[Process] = []
    for _ in range(20):
        asked = [chance.choice(processes) for _ in range(12)]
        answers = await asyncio.gather(*(each.sits() for each in asked))
        sitting += [each for each, sits in zip(asked, answers, strict=True) if sits]
        assert len(sitting) <= 5, seed
        while len(sitting) < 5:
            sitting.append(chance.choice(processes))
            await eventually(sitting[-1].sits)
        assert not any([await each.sits() for each in processes]), seed
        chance.shuffle(sitting)
        for each in [sitting.pop() for _ in range(chance.randrange(6))]:
            each.places.get_up(ANA)
    print(f"seed {seed}, N=20 rounds of 12")


async def test_a_killed_process_takes_its_places_along(
    redis: RedisServer, stack: ExitStack
) -> None:
    killed, other = Process(redis, stack), Process(redis, stack)
    assert [await killed.sits() for _ in range(5)] == [True] * 5
    assert not await other.sits()

    killed.shared.abandon()
    await eventually(other.sits)

    assert [await other.sits() for _ in range(5)] == [True] * 4 + [False]


async def test_a_process_that_ends_gives_its_places_back_at_once(
    redis: RedisServer, stack: ExitStack
) -> None:
    ending, other = Process(redis, stack), Process(redis, stack)
    assert [await ending.sits() for _ in range(5)] == [True] * 5

    await asyncio.to_thread(ending.shared.stop)

    assert await other.sits()


async def test_without_redis_each_counts_alone_and_says_anew_whom_it_has(
    redis: RedisServer, stack: ExitStack
) -> None:
    one, other = Process(redis, stack), Process(redis, stack)
    assert [await one.sits() for _ in range(3)] == [True] * 3
    redis.kill()
    assert [await one.sits() for _ in range(3)] == [True, True, False]
    assert [await other.sits() for _ in range(2)] == [True] * 2
    other.places.get_up(ANA)
    other.places.get_up(ANA)

    redis.start()

    async def others_are_known() -> bool:
        if sits := await other.sits():
            other.places.get_up(ANA)
        return not sits

    await eventually(others_are_known)
    for _ in range(2):
        one.places.get_up(ANA)
    for _ in range(2):
        await eventually(other.sits)
    assert not await other.sits()


async def test_redis_learns_nobodys_name(redis: RedisServer, stack: ExitStack) -> None:
    one = Process(redis, stack)
    await one.sits()
    keys = [key.decode() for key in redis.client().scan_iter()]

    assert len(keys) == 2
    assert not any(ANA.hex in key or str(ANA) in key for key in keys)
    assert all(redis.client().ttl(key) > 0 for key in keys)
    one.places.get_up(ANA)
    await eventually(lambda: asyncio.to_thread(lambda: len(list(redis.client().scan_iter())) == 1))


async def test_who_stays_longer_than_a_count_is_kept_stays_counted(
    redis: RedisServer, stack: ExitStack
) -> None:
    one = Process(redis, stack)
    assert await one.sits()
    redis.client().flushall()  # as if it had been kept for long enough

    await eventually(lambda: asyncio.to_thread(lambda: len(list(redis.client().scan_iter())) == 2))

    assert all(redis.client().ttl(key) > 0 for key in redis.client().scan_iter())


async def test_who_goes_while_it_is_asked_is_not_counted(
    redis: RedisServer, stack: ExitStack
) -> None:
    one = Process(redis, stack)
    redis.pause()
    asking = asyncio.ensure_future(one.sits())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    redis.go_on()

    assert not one.places._by_account
    await eventually(lambda: asyncio.sleep(0, not one.shared._counts))
