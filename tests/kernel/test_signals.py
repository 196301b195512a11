"""Signals: said once, heard by all processes, and lost without harm."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from spaces_project.kernel.signals import Exchange
from spaces_project.kernel.signals.line import MOST_WAITING
from tests.kernel.redis_server import RedisServer, running_redis

PATIENCE_S = 30.0


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connected(server: RedisServer, stack: ExitStack) -> Exchange:
    """Return what another process would have."""
    exchange = Exchange(server.url)
    stack.callback(exchange.stop)
    wait(lambda: exchange.is_connected)
    return exchange


def heard_on(exchange: Exchange, name: str = "words") -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    exchange.subscribe(name, heard.append)
    return heard


def test_without_a_redis_a_signal_stays_in_the_process_and_comes_at_once() -> None:
    here, elsewhere = Exchange(), Exchange()
    heard, nothing = heard_on(here), heard_on(elsewhere)

    here.publish("words", {"n": 1})
    here.publish("others", {"n": 2})

    assert (heard, nothing) == ([{"n": 1}], [])


def test_a_signal_reaches_every_process_once_and_in_order(
    redis: RedisServer, stack: ExitStack
) -> None:
    one, two, three = (connected(redis, stack) for _ in range(3))
    heard = [heard_on(each) for each in (one, two, three)]

    for n in range(100):
        one.publish("words", {"n": n})

    wait(lambda: all(len(each) >= 100 for each in heard))
    assert heard == [[{"n": n} for n in range(100)]] * 3


def test_what_is_said_within_a_tick_is_one_message(redis: RedisServer, stack: ExitStack) -> None:
    one, two = connected(redis, stack), connected(redis, stack)
    heard = heard_on(two)
    before = redis.client().info("commandstats").get("cmdstat_publish", {"calls": 0})["calls"]

    for n in range(500):
        one.publish("words", {"n": n})

    wait(lambda: len(heard) == 500)
    messages = redis.client().info("commandstats")["cmdstat_publish"]["calls"] - before
    assert messages < 100, messages


def test_redis_sees_nothing_of_what_is_said(redis: RedisServer, stack: ExitStack) -> None:
    one, two = connected(redis, stack), connected(redis, stack)
    heard = heard_on(two, "secret-channel")
    eavesdropper = redis.client().pubsub()  # type: ignore[no-untyped-call]
    eavesdropper.psubscribe("*")
    wait(lambda: eavesdropper.get_message(timeout=0.1))

    one.publish("secret-channel", {"who": "acc_secret"})

    wait(lambda: heard)
    overheard = b"".join(
        m["channel"] + m["data"] for m in iter(lambda: eavesdropper.get_message(timeout=0.5), None)
    )
    assert overheard
    assert b"secret" not in overheard


def test_what_no_process_of_ours_said_is_not_heard(redis: RedisServer, stack: ExitStack) -> None:
    one, two = connected(redis, stack), connected(redis, stack)
    heard = heard_on(two)
    name = redis.client().pubsub_channels()[0]

    redis.client().publish(name, b'["x", [["words", {"n": 666}]]]')
    redis.client().publish(name, b"")
    one.publish("words", {"n": 1})

    wait(lambda: heard)
    assert heard == [{"n": 1}]


@pytest.mark.parametrize("fault", ["killed", "paused"])
def test_a_redis_that_is_away_loses_signals_and_nothing_else(
    redis: RedisServer, stack: ExitStack, fault: str
) -> None:
    one, two = connected(redis, stack), connected(redis, stack)
    own, heard = heard_on(one), heard_on(two)
    returns: list[bool] = []
    two.on_return(lambda: returns.append(True))

    redis.kill() if fault == "killed" else redis.pause()
    began = time.monotonic()
    for n in range(5 * MOST_WAITING):
        one.publish("words", {"n": n})
    print(f"{fault}: {5 * MOST_WAITING} signals in {time.monotonic() - began:.3f} s")

    assert len(own) == 5 * MOST_WAITING
    assert one._line is not None
    assert len(one._line._waiting) <= MOST_WAITING
    redis.start() if fault == "killed" else redis.go_on()
    wait(lambda: one.is_connected and two.is_connected)

    def arrives() -> bool:
        one.publish("words", {"again": True})
        time.sleep(0.1)
        return {"again": True} in heard

    wait(arrives)
    assert bool(returns) or fault == "paused"


def test_an_ear_that_breaks_deafens_nobody_else() -> None:
    exchange = Exchange()
    exchange.subscribe("words", lambda message: message["missing"])
    heard = heard_on(exchange)

    exchange.publish("words", {"n": 1})

    assert heard == [{"n": 1}]


def test_a_process_without_a_redis_starts_no_thread() -> None:
    before = threading.active_count()

    Exchange().publish("words", {})

    assert threading.active_count() == before
