"""Whoever waits for a view is woken when it is there, in whatever process; never for ever."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import waiting
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.waiting import CHANNEL, announce, wait_until_projected
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.listener import APPLICATION
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.refusals import ProjectionBehind
from tests.kernel.jars import MarbleAdded, add, eventually

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

FAR_S = 30.0


class Seen(ReadModel):
    """Sees every marble."""

    name = "tests_seen"
    tables = ()
    listen_to = (MarbleAdded,)

    def apply(self, recorded: Recorded) -> None:
        del recorded


@contextmanager
def somebody_waiting(names: frozenset[str], position: int) -> Iterator[threading.Thread]:
    """Wait on a thread; it ends when the wait does."""

    def wait() -> None:
        wait_until_projected(names, position)
        connections.close_all()

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(FAR_S)
        assert not thread.is_alive()


@pytest.fixture
def no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by himself in time: only a wake-up helps."""
    monkeypatch.setattr(waiting, "LOOK_S", FAR_S)
    monkeypatch.setattr(waiting, "LONGEST_WAIT_S", FAR_S)


def from_another_process(name: str, position: int) -> None:
    """Say what a follower in another process says after its commit."""
    with psycopg.connect(connection_string(), autocommit=True) as other:
        other.execute("UPDATE log_positions SET position = %s WHERE name = %s", (position, name))
        other.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{name}:{position}"))


@pytest.mark.usefixtures("no_net")
def test_the_process_that_projects_wakes_its_own() -> None:
    position = add(jar_id=new_id()).position

    with somebody_waiting(frozenset({Seen.name}), position) as thread:
        assert eventually(lambda: waiting._board()._waiting)
        project(Seen())
        thread.join(FAR_S / 2)

        assert not thread.is_alive()


@pytest.mark.usefixtures("no_net")
def test_another_process_wakes_them_too() -> None:
    position = add(jar_id=new_id()).position
    project(Seen())

    with somebody_waiting(frozenset({Seen.name}), position + 1) as thread:
        assert eventually(lambda: waiting._board()._waiting)
        time.sleep(0.05)
        from_another_process(Seen.name, position)
        time.sleep(0.05)
        assert thread.is_alive(), "woken too early"
        from_another_process(Seen.name, position + 1)
        thread.join(FAR_S / 2)

        assert not thread.is_alive()


@pytest.mark.usefixtures("no_net")
def test_all_names_are_waited_for() -> None:
    position = add(jar_id=new_id()).position
    with somebody_waiting(frozenset({"tests_one", "tests_two"}), position) as thread:
        assert eventually(lambda: waiting._board()._waiting)
        announce("tests_one", position)
        time.sleep(0.05)
        assert thread.is_alive()
        announce("tests_two", position)
        thread.join(FAR_S / 2)

        assert not thread.is_alive()


def test_a_lost_wake_up_is_made_good_by_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONGEST_WAIT_S", FAR_S)
    position = add(jar_id=new_id()).position
    project(Seen())
    with somebody_waiting(frozenset({Seen.name}), position + 1):
        assert eventually(lambda: waiting._board()._waiting)
        with psycopg.connect(connection_string(), autocommit=True) as other:
            other.execute("UPDATE log_positions SET position = position + 1")


@pytest.mark.usefixtures("no_net")
def test_after_its_connection_was_lost_everybody_looks_again() -> None:
    position = add(jar_id=new_id()).position
    project(Seen())
    with somebody_waiting(frozenset({Seen.name}), position + 1) as thread:
        assert eventually(lambda: listening_connections() == 1)
        with psycopg.connect(connection_string(), autocommit=True) as other:
            other.execute("UPDATE log_positions SET position = position + 1")
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s",
                (APPLICATION,),
            )
        thread.join(FAR_S / 2)

        assert not thread.is_alive()


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONGEST_WAIT_S", 0.05)

    with pytest.raises(ProjectionBehind):
        wait_until_projected(["tests_nobody"], 1)

    assert not waiting._board()._waiting


def listening_connections() -> int:
    with psycopg.connect(connection_string()) as looker:
        row = looker.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", (APPLICATION,)
        ).fetchone()
    assert row
    return int(row[0])
