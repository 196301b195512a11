"""The live feed: every event once and in order, whatever happens to its connection."""

import random
import threading
import time
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from django.db import connections

from spaces_project.kernel import live_feed
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.listener import APPLICATION
from spaces_project.kernel.live_feed import LiveFeed
from spaces_project.kernel.log.event_log import Recorded
from tests.kernel.jars import add, as_owner, eventually, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEED = 31
EVENTS = 200
KILLS = 10


class Listener:
    """Keeps the positions that it was given; may fail a few times first."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.failures = 0

    def __call__(self, batch: Sequence[Recorded]) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.positions += [recorded.position for recorded in batch]


@pytest.fixture
def listener() -> Listener:
    """Whom the feed tells."""
    return Listener()


@pytest.fixture
def feed(listener: Listener, databases: object) -> Iterator[LiveFeed]:
    """A feed from the beginning of the log."""
    del databases
    found = LiveFeed(listener, after=0)
    yield found
    end(found)


def end(feed: LiveFeed) -> None:
    feed.stop()
    if feed.is_alive():
        feed.join(5)


def everything() -> list[int]:
    return [recorded.position for recorded in stored()]


def write(events: int, pause_s: float = 0.0) -> None:
    for _ in range(events):
        add(jar_id=new_id())
        time.sleep(pause_s)


def test_an_event_comes_at_once(
    feed: LiveFeed, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "CHECK_S", 20.0)
    feed.begin()
    feed.start()
    write(1)
    assert eventually(lambda: len(listener.positions) == 1)
    delays_s = []
    for number in range(10):
        started = time.monotonic()
        write(1)
        assert eventually(lambda n=number: len(listener.positions) == n + 2)  # type: ignore[misc]
        delays_s.append(time.monotonic() - started)

    print(f"asked -> handed on: median {sorted(delays_s)[5] * 1000:.0f} ms")
    assert sorted(delays_s)[5] < 3


def test_what_was_stored_before_it_listened_comes_too(feed: LiveFeed, listener: Listener) -> None:
    write(7)
    feed.start()

    assert eventually(lambda: listener.positions == everything())


def test_a_missed_wake_up_is_made_good_by_the_position_check(
    feed: LiveFeed, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "CHANNEL", "nobody_ever_notifies_here")
    monkeypatch.setattr(live_feed, "CHECK_S", 0.1)
    feed.start()
    time.sleep(0.1)
    write(5)

    assert eventually(lambda: listener.positions == everything(), 30)


def test_holes_are_closed_every_two_seconds() -> None:
    assert live_feed.CHECK_S <= 2.0


@pytest.mark.alone
def test_nothing_is_lost_or_doubled_though_its_connection_is_cut(
    feed: LiveFeed, listener: Listener
) -> None:
    chance = random.Random(SEED)

    def work() -> None:
        write(EVENTS, 0.003)
        connections.close_all()

    writer = threading.Thread(target=work)
    feed.start()
    writer.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.01, 0.12))
        with psycopg.connect(connection_string(), autocommit=True) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s",
                (APPLICATION,),
            )
    writer.join()

    assert eventually(lambda: len(listener.positions) >= EVENTS, 5)
    print(f"seed {SEED}: {EVENTS} events, {KILLS} cuts")
    assert listener.positions == everything()


def test_what_could_not_be_taken_is_handed_on_again(feed: LiveFeed, listener: Listener) -> None:
    listener.failures = 2
    write(3)
    feed.start()

    assert eventually(lambda: listener.positions == everything())


def test_a_feed_from_now_on_begins_where_it_was_told_to(listener: Listener) -> None:
    write(3)
    late = LiveFeed(listener)
    late.begin()
    write(2)  # before its thread has come to life

    late.start()

    assert eventually(lambda: listener.positions == everything()[3:])
    end(late)


def test_it_catches_up_on_the_callers_thread(feed: LiveFeed, listener: Listener) -> None:
    write(3)

    feed.catch_up_to(everything()[1])

    assert listener.positions[:2] == everything()[:2]
    assert feed.position >= everything()[1]


def test_a_hole_in_the_log_is_waited_for_and_counts_as_not_looked(
    feed: LiveFeed, listener: Listener
) -> None:
    write(1)
    feed.read_on()
    feed.read_on()
    looked_at = feed.looked_at
    assert looked_at > 0
    with as_owner() as slow:
        slow.execute("BEGIN")
        slow.execute(
            "INSERT INTO log_events (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'tests.MarbleAdded', '')",
            (new_id(),),
        )
        write(1)  # stored behind the one that is not committed

        assert feed.read_on() == 0
        assert listener.positions == [1]
        assert feed.looked_at == looked_at
        slow.execute("ROLLBACK")

    assert feed.read_on() == 1
    assert listener.positions == everything()
    assert feed.looked_at > looked_at
