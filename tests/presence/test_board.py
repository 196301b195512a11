"""A process says who is connected to it, by one lease and few statements."""

from functools import partial
from typing import Any

import pytest

from rooms.domain.rules import Rules
from rooms.presence import board as boards_of_a_process
from rooms.presence.tables import News, Place, write
from spaces_project.kernel.database import connect_watched
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.refusals import StorageUnavailable
from tests.kernel.jars import at_once, eventually
from tests.presence.scenes import ask, boards, connect, count

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
ROOM, BO = new_id(), new_id()


def test_a_connection_is_written_when_that_is_said() -> None:
    with boards() as (board,):
        connect(board, "a socket", ROOM, BO)

        assert (count("process"), count("connection"), count("absence")) == (1, 1, 0)


def test_whoever_goes_is_noted_as_absent_and_who_comes_back_is_not() -> None:
    with boards() as (board,):
        connect(board, "a socket", ROOM, BO)
        board.disconnected("a socket")
        assert eventually(lambda: (count("connection"), count("absence")) == (0, 1))

        connect(board, "another", ROOM, BO)
        assert (count("connection"), count("absence")) == (1, 0)


def test_going_twice_and_counting_twice_change_nothing() -> None:
    with boards() as (board,):
        connect(board, "a socket", ROOM, BO)
        connect(board, "a socket", ROOM, BO)
        assert count("connection") == 1

        board.disconnected("never seen")
        board.disconnected("a socket")
        board.disconnected("a socket")
        assert eventually(lambda: count("absence") == 1)


def test_whoever_goes_before_it_is_written_is_absent_all_the_same() -> None:
    with boards() as (board,):
        board.connected("a socket", ROOM, BO)
        board.disconnected("a socket")

        assert eventually(lambda: count("absence") == 1)
        assert count("connection") == 0


def test_a_thousand_come_in_a_few_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def counted(*given: Any, **named: Any) -> None:
        written.append(1)
        write(*given, **named)

    monkeypatch.setattr(boards_of_a_process, "write", counted)
    with boards() as (board,):
        answers = [board.connected(number, ROOM, new_id()) for number in range(1000)]
        for answer in answers:
            answer.result(20)

        print(f"1,000 connections in {len(written)} transactions")
        assert count("connection") == 1000
        assert len(written) < 200


def test_rows_that_were_lost_are_written_anew() -> None:
    with boards() as (board,):
        connect(board, "a socket", ROOM, BO)
        ask("TRUNCATE rooms_presence_process, rooms_presence_connection")
        connect(board, "another", ROOM, new_id())

        assert (count("process"), count("connection")) == (1, 2)


def test_a_lost_database_loses_nobody() -> None:
    with boards() as (board,):
        connect(board, "goes", ROOM, new_id())
        connect(board, "stays", ROOM, BO)
        ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            boards_of_a_process.APPLICATION,
        )
        board.disconnected("goes")
        try:
            connect(board, "comes", ROOM, new_id())
        except StorageUnavailable:
            print("who came meanwhile was told that nobody knows")

        assert eventually(lambda: (count("connection"), count("absence")) == (2, 1))


def test_a_crash_that_takes_back_that_somebody_went_leaves_no_ghost() -> None:
    """The disk is not waited for: after a crash the row of who had gone may stand there again."""
    gone = new_id()
    with boards() as (board,):
        connect(board, "stays", ROOM, BO)
        ask(
            "INSERT INTO rooms_presence_connection"
            " (process_id, connection_id, room_id, account_id) VALUES (%s, %s, %s, %s)",
            board.process_id,
            new_id(),
            ROOM,
            gone,
        )
        ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            boards_of_a_process.APPLICATION,
        )
        board.renewed(ROOM, BO)

        assert eventually(lambda: (count("connection"), count("absence")) == (1, 1))


def test_people_who_change_places_between_two_processes_do_not_wait_for_each_other() -> None:
    people = [Place(ROOM, new_id()) for _ in range(200)]
    halves = people[:100], people[100:]

    def moves(own: list[Place], others: list[Place]) -> None:
        with connect_watched("moving") as connection:
            for _ in range(30):
                news = News({new_id(): each for each in others}, {new_id(): each for each in own})
                held = dict(news.come)
                write(connection, new_id(), news, held.copy, Rules(), all_anew=True)

    assert at_once([partial(moves, *halves), partial(moves, *reversed(halves))]) == [None, None]


def test_without_connections_a_process_costs_nothing() -> None:
    with boards() as (board,):
        board.renewed(ROOM, BO)
        connect(board, "a socket", ROOM, BO)
        board.disconnected("a socket")
        assert eventually(lambda: count("absence") == 1)
        ask("TRUNCATE rooms_presence_process")
        board._woken.set()

        assert not eventually(lambda: count("process"), within_s=0.3)
