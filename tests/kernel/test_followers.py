"""Followers: one leads, others stand by; kills lose nothing and double nothing."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, connections

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following.leases import SPACE
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.runner import FollowerThread, Runner
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded, event_log
from tests.kernel.jars import MarbleAdded, add, as_owner, at_once, eventually, stored

pytestmark = [
    pytest.mark.alone,
    pytest.mark.databases,
    pytest.mark.usefixtures("databases", "effects"),
]

SEED = 109
KILLS = 12
EVENTS = 300
PASSED_ON_WITHIN_S = 2.0


class Effects(ReadModel):
    """Adds a row for every event, and would add a second one if asked twice."""

    name = "tests_effects"
    tables = ("tests_effects",)
    listen_to = (MarbleAdded,)

    def apply(self, recorded: Recorded) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tests_effects VALUES (%s)", [recorded.position])


@pytest.fixture
def effects(databases: object) -> Iterator[None]:
    """The table of effects; no key forbids a second one."""
    del databases
    with as_owner() as owner:
        owner.execute("CREATE TABLE tests_effects (position bigint)")
    yield
    connections.close_all()  # a kill may have met this thread's own
    with as_owner() as owner:
        owner.execute("DROP TABLE tests_effects")


@contextmanager
def followers(number: int) -> Iterator[list[FollowerThread]]:
    """As many processes would: each runner has a lease connection of its own."""
    runners = [Runner([Effects()]) for _ in range(number)]
    for runner in runners:
        runner.start()
    try:
        yield [thread for runner in runners for thread in runner.threads]
    finally:
        for runner in runners:
            runner.stop()


def lease_holders() -> list[int]:
    with psycopg.connect(connection_string()) as looker:
        rows = looker.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid <> 0 AND granted",
            (SPACE,),
        ).fetchall()
    return [pid for (pid,) in rows]


def kill(pids: Sequence[int]) -> None:
    with psycopg.connect(connection_string(), autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [list(pids)])


def backends_of_followers() -> list[int]:
    """Return the lease's backends and those in which the read model is written."""
    with psycopg.connect(connection_string()) as looker:
        rows = looker.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND (application_name ~ '^spaces' OR query ~ 'log_positions|INTO tests_effects')"
        ).fetchall()
    return [pid for (pid,) in rows]


def reached() -> int:
    """Return the position, by a connection that no kill meets."""
    with psycopg.connect(connection_string()) as looker:
        row = looker.execute(
            "SELECT position FROM log_positions WHERE name = %s", (Effects.name,)
        ).fetchone()
    return int(row[0]) if row else 0


def applied() -> list[int]:
    with psycopg.connect(connection_string()) as looker:
        found = looker.execute("SELECT position FROM tests_effects ORDER BY 1").fetchall()
    return [position for (position,) in found]


def test_only_one_of_two_leads() -> None:
    add(jar_id=new_id())
    with followers(2) as threads:
        assert eventually(lambda: any(thread.caught_up.is_set() for thread in threads))
        time.sleep(0.3)

        assert len(lease_holders()) == 1
        assert [thread.caught_up.is_set() for thread in threads].count(True) == 1


def test_an_event_is_followed_at_once_and_not_at_the_next_look() -> None:
    with followers(1) as (thread,):
        assert thread.caught_up.wait(5)
        delays_s = []
        for _ in range(10):
            position = add(jar_id=new_id()).position
            started = time.monotonic()
            assert eventually(lambda p=position: reached() >= p)  # type: ignore[misc]
            delays_s.append(time.monotonic() - started)

    print(f"stored -> shown: median {sorted(delays_s)[5] * 1000:.0f} ms")
    assert sorted(delays_s)[5] < 0.3


def test_leadership_passes_on_when_the_leader_is_cut_off() -> None:
    took_s = []
    with followers(2) as threads:
        assert eventually(lambda: any(thread.caught_up.is_set() for thread in threads))
        for _ in range(3):
            assert eventually(lambda: len(lease_holders()) == 1)
            (leader,) = lease_holders()
            started = time.monotonic()
            kill([leader])
            position = add(jar_id=new_id()).position
            assert eventually(lambda p=position: p in applied())  # type: ignore[misc]
            assert leader not in lease_holders()
            took_s.append(time.monotonic() - started)

    print("leadership passed on in", ", ".join(f"{s * 1000:.0f} ms" for s in took_s))
    assert max(took_s) < PASSED_ON_WITHIN_S


def test_whoever_projects_beside_the_leader_applies_nothing_twice() -> None:
    for _ in range(60):
        add(jar_id=new_id())

    def follow() -> None:
        while project(Effects(), limit=3):
            pass

    failed = [e for e in at_once([follow] * 4) if e is not None]

    assert failed == []
    assert applied() == [r.position for r in stored()]


def test_each_effect_happens_once_with_two_followers_and_kills() -> None:
    chance = random.Random(SEED)
    written = threading.Event()

    def write() -> None:
        for _ in range(EVENTS):
            add(jar_id=new_id())
            time.sleep(0.003)
        written.set()
        connections.close_all()

    writer = threading.Thread(target=write)
    with followers(2):
        writer.start()
        kills = 0
        while kills < KILLS or not written.is_set():
            time.sleep(chance.uniform(0.02, 0.15))
            kill(backends_of_followers())
            kills += 1
        writer.join()
        head = event_log().head()
        assert eventually(lambda: reached() >= head, 15)

    counted = Counter(applied())
    print(f"seed {SEED}: {EVENTS} events, {kills} kills, {len(counted)} effects")
    assert sorted(counted) == [r.position for r in stored()]
    assert set(counted.values()) == {1}
