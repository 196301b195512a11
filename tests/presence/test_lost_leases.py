"""A process that stood still for too long notices that it was thought gone, and says so once."""

from collections.abc import Hashable

import pytest

from spaces_project.kernel.ids import new_id
from tests.kernel.jars import eventually
from tests.presence.scenes import ask, boards, connect, count, is_inside, joined, live_room, reaper

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_who_was_connected_before_the_lease_was_lost_is_named_once() -> None:
    room = live_room()
    bo = joined(room)
    lost: list[list[Hashable]] = []
    with boards() as (board,):
        board.when_lost = lost.append
        connect(board, "bo's", room, bo)
        board.connected("gone since", room, new_id()).result(20)
        board.disconnected("gone since")
        assert eventually(lambda: count("absence") == 1)
        ask("UPDATE rooms_presence_process SET expires_at = now() - interval '1 s'")
        reaper().look()
        assert not is_inside(room, bo)
        assert lost == []  # it still stands still

        connect(board, "new", room, new_id())
        connect(board, "newer", room, new_id())

    assert lost == [["bo's"]]


def test_a_lost_connection_to_the_database_sends_nobody_away() -> None:
    room, lost = live_room(), list[list[Hashable]]()
    with boards() as (board,):
        board.when_lost = lost.append
        connect(board, "bo's", room, new_id())
        ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'spaces presence'"
        )
        board.renewed(room, new_id())
        assert eventually(lambda: not board._is_lost and not board._news)
        connect(board, "new", room, new_id())

    assert lost == []


def test_a_process_without_connections_may_let_its_lease_lapse() -> None:
    room, lost = live_room(), list[list[Hashable]]()
    with boards() as (board,):
        board.when_lost = lost.append
        connect(board, "bo's", room, new_id())
        board.disconnected("bo's")
        assert eventually(lambda: count("absence") == 1)
        ask("DELETE FROM rooms_presence_process")
        connect(board, "new", room, new_id())

    assert lost == []
