"""A process listens once, for everybody in it."""

import os

import psycopg
import pytest

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.listener import APPLICATION, Listener, listener
from tests.kernel.jars import eventually

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_a_process_listens_once_however_many_channels_and_subscribers() -> None:
    heard: list[str] = []
    with listener().subscribed("tests_a", heard.append), listener().subscribed("tests_b", print):
        assert eventually(lambda: "" in heard)
        with psycopg.connect(connection_string(), autocommit=True) as other:
            other.execute("NOTIFY tests_a, 'once'")

        assert eventually(lambda: "once" in heard)
        assert listening_connections() == 1


def test_a_listener_without_subscribers_gives_its_connection_back() -> None:
    own = Listener()
    heard: list[str] = []
    before = listening_connections()
    with own.subscribed("tests_a", heard.append):
        assert eventually(lambda: heard == [""])
        assert listening_connections() == before + 1

    assert eventually(lambda: listening_connections() == before)


def test_what_a_process_says_is_said_by_its_newest_value() -> None:
    heard: list[str] = []
    own = Listener()
    with own.subscribed("tests_a", heard.append):
        assert eventually(lambda: heard == [""])
        with own._lock:  # while it cannot send
            for number in range(100):
                own._outgoing["tests_a", "view"] = str(number)
        own._wake()

        assert eventually(lambda: heard == ["", "view:99"])


def test_a_process_that_was_forked_listens_by_itself() -> None:
    with listener().subscribed("tests_a", print):
        child = os.fork()
        if child == 0:
            own = not listener()._subscribers
            os._exit(0 if own else 1)
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0


def listening_connections() -> int:
    with psycopg.connect(connection_string()) as looker:
        row = looker.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", (APPLICATION,)
        ).fetchone()
    assert row
    return int(row[0])
