"""The pipeline on Django's own connection, and the hooks of psycopg that it takes."""

import time
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from spaces_project.kernel.following import pipeline
from spaces_project.kernel.following.pipeline import AT_ONCE, copy_in, pipelined, send, write
from tests.kernel.jars import as_owner

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("table")]

INSERT = "INSERT INTO tests_pipe VALUES (%s, %s)"
MANY = 20 * AT_ONCE + 3


@pytest.fixture
def table(databases: object) -> Iterator[None]:
    """A table to write."""
    del databases
    with as_owner() as owner:
        owner.execute("CREATE TABLE tests_pipe (number bigint UNIQUE, fact text)")
    yield
    connection.close()
    with as_owner() as owner:
        owner.execute("DROP TABLE tests_pipe")


def numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM tests_pipe ORDER BY ctid")
        return [number for (number,) in cursor.fetchall()]


def test_the_version_is_the_one_whose_hooks_are_known() -> None:
    assert psycopg.__version__ == "3.3.9"


def test_everything_arrives_in_its_order() -> None:
    with transaction.atomic(), pipelined():
        for number in range(MANY):
            write(INSERT, (number, "x" * (number % 7)))

    assert numbers() == list(range(MANY))


def test_nothing_is_sent_before_it_is_worth_it() -> None:
    with transaction.atomic(), pipelined():
        for number in range(AT_ONCE - 1):
            write(INSERT, (number, None))
        assert len(connection.connection._pipeline.command_queue) >= AT_ONCE - 1
        write(INSERT, (MANY, None))
        assert not connection.connection._pipeline.command_queue


def test_arguments_may_be_of_other_types_than_before() -> None:
    with transaction.atomic(), pipelined():
        for argument in (1, 2**40, None, -(2**62), 3):
            write("INSERT INTO tests_pipe (number) VALUES (%s::bigint)", (argument,))
        for fact in ("a", None, UUID(int=7), 2.5):
            write("UPDATE tests_pipe SET fact = %s::text WHERE number = 1", (fact,))

    assert numbers()[:3] == [2**40, None, -(2**62)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact FROM tests_pipe WHERE number = 1")
        assert cursor.fetchone() == ("2.5",)


def test_more_than_both_sides_can_hold_goes_through() -> None:
    with transaction.atomic(), pipelined():
        for number in range(60):
            write(INSERT, (number, "y" * 1_000_000))

    assert numbers() == list(range(60))


def test_an_answer_in_between_is_there_when_it_is_asked_for() -> None:
    with transaction.atomic():
        with pipelined():
            write(INSERT, (1, "a"))
            answer = send("SELECT count(*) FROM tests_pipe")
            write(INSERT, (2, "b"))
        assert answer.fetchone() == (1,)

    assert numbers() == [1, 2]


def test_django_may_ask_in_between() -> None:
    with transaction.atomic(), pipelined():
        write(INSERT, (1, "a"))
        assert numbers() == [1]
        write(INSERT, (2, "b"))

    assert numbers() == [1, 2]


@pytest.mark.parametrize("place", [0, AT_ONCE // 2, MANY - 2])
def test_a_statement_that_fails_fails_all_of_them(place: int) -> None:
    def insert_one_twice() -> None:
        with transaction.atomic(), pipelined():
            for number in range(MANY):
                write(INSERT, (place if number == place + 1 else number, None))

    with pytest.raises(DatabaseError, match="tests_pipe_number_key"):
        insert_one_twice()

    assert numbers() == []
    with transaction.atomic(), pipelined():
        write(INSERT, (5, None))
    assert numbers() == [5]


def test_what_is_rolled_back_is_gone() -> None:
    with transaction.atomic():
        with pipelined():
            write(INSERT, (1, None))
        transaction.set_rollback(True)

    assert numbers() == []


def test_outside_of_a_pipeline_a_statement_is_done_at_once() -> None:
    write(INSERT, (1, "a"))

    assert numbers() == [1]


def test_a_table_is_filled_from_rows() -> None:
    with transaction.atomic():
        copy_in("COPY tests_pipe FROM STDIN", [(1, "a\tb\\x"), (2, None)])

    assert numbers() == [1, 2]


def test_what_failed_is_told_and_not_what_was_left_out_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who follows the log parks an event for the one, and tries for ever for the other."""
    send(INSERT, (1, None))

    def fail_early() -> None:
        with transaction.atomic(), pipelined():
            monkeypatch.setattr(pipeline, "AT_ONCE", 1)
            write(INSERT, (1, None))
            time.sleep(0.02)  # the server has answered before the rest is sent
            monkeypatch.setattr(pipeline, "AT_ONCE", AT_ONCE)
            for number in range(2, 5):
                write(INSERT, (number, None))

    for _ in range(20):
        with pytest.raises(IntegrityError):
            fail_early()
    assert numbers() == [1]
