"""Limits: exact at the edge, over all processes, in memory while Redis is away."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from spaces_project.kernel.limits.counting import Allowance, Counters, hit
from spaces_project.kernel.limits.fields import fields
from spaces_project.kernel.limits.memory import BoundedMemory
from spaces_project.kernel.limits.seen import SeenHere
from spaces_project.kernel.limits.table import DEFAULTS, Limit, limits_from
from spaces_project.kernel.refusals import TooManyRequests
from tests.kernel.redis_server import RedisServer, running_redis

FEW = Limit("few", 5, 60)
MANY = Limit("many", 500, 86_400)


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def counters(request: pytest.FixtureRequest, redis: RedisServer) -> Counters:
    redis.client().flushall()
    return Counters(redis.url if request.param == "redis" else "")


@pytest.mark.parametrize("limit", [FEW, MANY])
def test_at_the_limit_is_fine_and_one_over_is_not(counters: Counters, limit: Limit) -> None:
    granted = [counters.hit(limit, "ana").is_granted for _ in range(limit.amount + 100)]

    assert granted == [True] * limit.amount + [False] * 100


def test_everybody_has_a_limit_of_their_own_and_each_limit_counts_alone(counters: Counters) -> None:
    for _ in range(FEW.amount):
        counters.hit(FEW, "ana")

    assert not counters.hit(FEW, "ana").is_granted
    assert counters.hit(FEW, "bo").is_granted
    assert counters.hit(Limit("other", 5, 60), "ana").is_granted


def test_a_repetition_is_counted_once_and_passes_at_the_limit_too(counters: Counters) -> None:
    first = [counters.hit(FEW, "ana", once="wish").is_granted for _ in range(50)]
    rest = [counters.hit(FEW, "ana").is_granted for _ in range(FEW.amount)]

    assert all(first)
    assert rest == [True] * (FEW.amount - 1) + [False]
    assert counters.hit(FEW, "ana", once="wish").is_granted
    assert not counters.hit(FEW, "ana", once="another wish").is_granted
    assert counters.hit(FEW, "bo", once="wish").remaining == FEW.amount - 1


def test_what_was_refused_is_not_taken_for_counted(counters: Counters) -> None:
    for _ in range(FEW.amount):
        counters.hit(FEW, "ana")

    assert [counters.hit(FEW, "ana", once="wish").is_granted for _ in range(3)] == [False] * 3


def test_time_gives_it_back(counters: Counters) -> None:
    short = Limit("short", 2, 1)
    assert counters.hit(short, "ana").is_granted
    assert counters.hit(short, "ana").is_granted

    deadline = time.monotonic() + 20
    while not counters.hit(short, "ana").is_granted:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_processes_count_together(redis: RedisServer) -> None:
    redis.client().flushall()
    one, two = Counters(redis.url), Counters(redis.url)

    granted = [each.hit(FEW, "ana").is_granted for each in (one, two) * 5]

    assert granted == [True] * 5 + [False] * 5


def test_redis_learns_neither_who_nor_what(redis: RedisServer) -> None:
    redis.client().flushall()
    Counters(redis.url).hit(FEW, "acc_secret", once="key_secret")

    keys = redis.client().keys("*")
    assert keys
    assert all(b"secret" not in key for key in keys)


@pytest.mark.parametrize("fault", ["killed", "paused"])
def test_while_redis_is_away_this_process_counts_alone(redis: RedisServer, fault: str) -> None:
    redis.client().flushall()
    counters = Counters(redis.url)
    for _ in range(FEW.amount):
        counters.hit(FEW, "ana")

    redis.kill() if fault == "killed" else redis.pause()
    began = time.monotonic()
    away = [counters.hit(FEW, "ana").is_granted for _ in range(FEW.amount + 100)]
    print(f"{fault}: {len(away)} decisions in {time.monotonic() - began:.3f} s")
    redis.start() if fault == "killed" else redis.go_on()

    assert away == [True] * FEW.amount + [False] * 100
    counters._away_until = 0.0
    counters.hit(FEW, "cy")
    assert redis.client().dbsize() > 0


def test_a_hundred_thousand_subjects_take_no_more_memory_than_the_last_ones() -> None:
    storage, seen = BoundedMemory(most=1000), SeenHere(most=1000)
    counters = Counters()
    counters.here = type(counters.here)(storage, seen)

    for number in range(100_000):
        counters.hit(FEW if number % 2 else MANY, f"{number}", once=f"{number}")
    for _ in range(100_000):
        counters.hit(FEW, "ana")

    assert len(storage._times) <= 1000
    assert len(storage._counts) <= 1000
    assert len(seen._until) <= 1000
    assert max(len(times) for times in storage._times.values()) <= FEW.amount


def test_threads_that_hit_at_once_get_no_more_than_there_is() -> None:
    counters = Counters()
    granted: list[bool] = []

    def hits() -> None:
        granted.extend([counters.hit(MANY, "ana").is_granted for _ in range(200)])

    threads = [threading.Thread(target=hits) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(granted) == MANY.amount


def test_nothing_is_counted_where_the_operator_lifted_the_limit(settings: Settings) -> None:
    settings.LIMITS = limits_from({"SPACES_LIMIT_JOINS": "none"})

    assert hit("joins", "ana") is None


def test_an_operator_sets_every_limit_by_its_name() -> None:
    table = limits_from({"SPACES_LIMIT_SOCKET_MESSAGES": "7/3"}, reactions=(9, 8))

    assert table["socket-messages"] == Limit("socket-messages", 7, 3, "socket")
    assert (table["reactions"].amount, table["reactions"].window_s) == (9, 8)
    assert set(table) == {limit.name for limit in DEFAULTS}


@pytest.mark.parametrize("nonsense", ["7", "7/", "a/b", "-1/5", "1/2/3"])
def test_nonsense_is_refused_by_the_name_of_its_variable(nonsense: str) -> None:
    with pytest.raises(ValueError, match="SPACES_LIMIT_JOINS"):
        limits_from({"SPACES_LIMIT_JOINS": nonsense})


def test_a_refusal_says_how_long_to_wait_and_for_what() -> None:
    with pytest.raises(TooManyRequests) as refused:
        Allowance(FEW, 0, 17, is_granted=False).must_be_granted()

    assert refused.value.status == 429
    assert refused.value.facts == {"retry_after_s": 17, "limit": "few"}


def test_the_fields_are_structured_lists() -> None:
    found = fields([Allowance(FEW, 3, 17), Allowance(MANY, 0, 2, is_granted=False)])

    assert found == {
        "RateLimit-Policy": '"few";q=5;w=60, "many";q=500;w=86400',
        "RateLimit": '"few";r=3;t=17, "many";r=0;t=2',
    }
    assert fields([]) == {}


def test_every_limit_is_told_to_operators() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")

    for limit in DEFAULTS:
        assert f"`{limit.name}`" in page
