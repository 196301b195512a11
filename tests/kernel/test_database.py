"""Reads on Django's connection: quick, and never on a connection that the server has ended."""

from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, close_old_connections, connection
from django.db.backends.postgresql import base as django_backend

from spaces_project.kernel.database import connection_string, rows
from spaces_project.kernel.postgresql.base import DatabaseWrapper

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ONE = UUID(int=1)


def end_connections() -> None:
    """Let the server end this thread's connection, as a restart of it does."""
    pid = rows("SELECT pg_backend_pid()", {})[0][0]
    with psycopg.connect(connection_string(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])


def ask() -> object:
    """Read at the beginning of a request."""
    close_old_connections()
    return rows("SELECT %(one)s::uuid", {"one": ONE})[0][0]


def test_values_come_as_what_they_are() -> None:
    found = rows(
        "SELECT %(one)s::uuid, '[{\"a\": 1}]'::jsonb, ARRAY['x', 'y'],"
        " timestamptz '2026-01-02 03:04:05+02'",
        {"one": ONE},
    )[0]

    assert found[:3] == (ONE, [{"a": 1}], ["x", "y"])
    assert found[3].isoformat() == "2026-01-02T01:04:05+00:00"


def test_what_is_wrong_is_told_as_django_tells_it() -> None:
    with pytest.raises(DatabaseError, match="no_such_table"):
        rows("SELECT FROM no_such_table", {})


def test_a_connection_that_the_server_ended_is_made_again_for_the_next_request() -> None:
    assert ask() == ONE
    for _ in range(3):
        end_connections()
        assert ask() == ONE


def test_without_a_look_the_next_request_would_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda _: True)
    assert ask() == ONE
    end_connections()
    with pytest.raises(DatabaseError):
        ask()
    connection.close()


def test_a_look_at_a_quiet_line_asks_the_server_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    asked: list[object] = []
    monkeypatch.setattr(django_backend.DatabaseWrapper, "is_usable", asked.append)

    assert connection.is_usable()
    assert asked == []
