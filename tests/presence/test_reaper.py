"""Whoever is connected to nothing any more is put out, and nobody else."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from accounts import commands as accounts
from rooms import commands
from rooms.presence import reaper as reapers
from rooms.presence.reaper import PresenceReaper
from spaces_project.kernel.ids import new_id
from tests.kernel.jars import eventually
from tests.presence.scenes import (
    ask,
    boards,
    comings_and_goings,
    connect,
    count,
    is_inside,
    joined,
    live_room,
    reaper,
)
from tests.projections.scenes import see

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def _leases_end() -> None:
    ask("UPDATE rooms_presence_process SET expires_at = now() - interval '1 s'")
    ask(
        "UPDATE rooms_presence_connection SET expires_at = now() - interval '1 s'"
        " WHERE expires_at IS NOT NULL"
    )


def test_whoever_has_no_connection_left_is_put_out_once() -> None:
    room = live_room()
    bo = joined(room)
    with boards() as (board,):
        connect(board, "a socket", room, bo)
        reaper().look()
        assert is_inside(room, bo)

        board.disconnected("a socket")
        assert eventually(lambda: count("absence") == 1)
        reaper().look()
        reaper().look()

        assert comings_and_goings(room, bo) == ["Joined", "Left"]
        assert count("absence") == 0


def test_a_second_connection_keeps_somebody_inside() -> None:
    room = live_room()
    bo = joined(room)
    with boards(2) as (web, media):
        connect(web, "a socket", room, bo)
        connect(media, "a session", room, bo)
        web.disconnected("a socket")
        assert eventually(lambda: count("absence") == 1)
        reaper().look()
        assert is_inside(room, bo)

        media.disconnected("a session")
        assert eventually(lambda: count("absence") == 1)
        reaper().look()
        assert not is_inside(room, bo)


def test_the_connections_of_a_process_that_says_nothing_more_end_with_its_lease() -> None:
    room = live_room()
    ghosts = [joined(room) for _ in range(3)]
    with boards(2) as (killed, other):
        for ghost in ghosts:
            connect(killed, ghost, room, ghost)
        connect(other, "a socket", room, ghosts[0])
        ask(
            "UPDATE rooms_presence_process SET expires_at = now() - interval '1 s'"
            " WHERE process_id = %s",
            killed.process_id,
        )
        reaper().look()

        assert [is_inside(room, ghost) for ghost in ghosts] == [True, False, False]
        assert count("connection") == 1


def test_a_seat_is_kept_when_its_holder_is_put_out() -> None:
    host = accounts.register(handle="ana", name="Ana").entity_id
    room = live_room(host)
    commands.join(room_id=room, account_id=host)
    with boards() as (board,):
        connect(board, "a socket", room, host)
        board.disconnected("a socket")
        assert eventually(lambda: count("absence") == 1)
        reaper().look()

    assert comings_and_goings(room, host) == ["Joined", "Dropped"]


def test_whoever_only_sends_requests_stays_as_long_as_they_come() -> None:
    room = live_room()
    bo, cy = joined(room), joined(room)
    with boards() as (board,):
        board.asking(room, bo).result(20)
        board.asking(room, cy).result(20)
        _leases_end()
        board.renewed(room, bo)
        ends = "SELECT count(*) FROM rooms_presence_connection WHERE expires_at > now()"
        assert eventually(lambda: _one(ends) == 1)
        reaper().look()

        assert (is_inside(room, bo), is_inside(room, cy)) == (True, False)


def test_a_lease_that_nobody_could_renew_says_nothing() -> None:
    """After a database that was away all leases have run out: everybody gets time to renew."""
    room = live_room()
    bo = joined(room)
    with boards() as (board,):
        connect(board, "a socket", room, bo)
        _leases_end()
        awake = reaper()
        awake._looked_at -= 60
        awake.look()

        assert is_inside(room, bo)
        assert count("connection") == 1


def test_a_clock_that_is_set_forward_puts_nobody_out() -> None:
    """Nor does a machine that slept: all leases have run out before anybody could renew."""
    room = live_room()
    bo = joined(room)
    with boards() as (board,):
        connect(board, "a socket", room, bo)
        awake = reaper()
        awake.look()
        assert awake._ahead_s is not None
        awake._ahead_s -= 3600  # the database's clock has gained an hour on ours since
        _leases_end()
        awake.look()

        assert is_inside(room, bo)
        assert count("connection") == 1


def test_a_database_that_stood_still_during_the_look_puts_nobody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reapers, "BLIND_S", 0.2)
    room = live_room()
    bo = joined(room)

    def slowly(execute: Callable[..., Any], *asked: Any) -> Any:
        time.sleep(0.4)
        return execute(*asked)

    with boards() as (board,):
        connect(board, "a socket", room, bo)
        awake = reaper()
        _leases_end()
        with connection.execute_wrapper(slowly):
            awake.look()

        assert is_inside(room, bo)
        assert count("connection") == 1


def test_whoever_was_inside_before_there_were_leases_is_given_time_and_then_put_out() -> None:
    room = live_room()
    bo, cy = joined(room), joined(room)
    see()
    with boards() as (board,):
        connect(board, "a socket", room, cy)
        PresenceReaper(commands.drop).look()
        assert count("absence") == 1
        ask("UPDATE rooms_presence_absence SET due_at = now()")
        reaper().look()

    assert (is_inside(room, bo), is_inside(room, cy)) == (False, True)


def test_a_ghost_whose_loss_was_forgotten_is_found_in_a_while() -> None:
    """A join may stand still for longer than its socket lives: it is stored behind the drop."""
    room, bo = live_room(), new_id()
    ask("INSERT INTO rooms_presence_absence VALUES (%s, %s, now())", room, bo)
    awake = reaper()
    awake.look()
    commands.join(room_id=room, account_id=bo)
    see()
    awake.look()
    assert (is_inside(room, bo), count("absence")) == (True, 0)

    awake._swept_at -= reapers.SWEEP_S
    awake.look()
    ask("UPDATE rooms_presence_absence SET due_at = now()")
    awake.look()

    assert not is_inside(room, bo)


def test_a_room_that_is_over_troubles_nobody() -> None:
    host = new_id()
    room = live_room(host)
    bo = joined(room)
    commands.end(room_id=room, by=host)
    ask("INSERT INTO rooms_presence_absence VALUES (%s, %s, now())", room, bo)
    ask("INSERT INTO rooms_presence_absence VALUES (%s, %s, now())", new_id(), bo)

    reaper().look()

    assert count("absence") == 0


def test_one_who_cannot_be_put_out_does_not_stop_the_others() -> None:
    room = live_room()
    bo, cy = joined(room), joined(room)

    def drop(*, room_id: UUID, account_id: UUID) -> None:
        if account_id == bo:
            raise ValueError("a mistake")
        commands.drop(room_id=room_id, account_id=account_id)

    for each in (bo, cy):
        ask("INSERT INTO rooms_presence_absence VALUES (%s, %s, now())", room, each)
    reaper(drop).look()

    assert (is_inside(room, bo), is_inside(room, cy)) == (True, False)
    assert count("absence") == 1


def test_an_error_that_passes_keeps_one_inside_for_a_moment_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reapers, "SOON_S", 600)
    room = live_room()
    people = [joined(room) for _ in range(5)]
    tried = []

    def drop(*, room_id: UUID, account_id: UUID) -> None:
        tried.append(account_id)
        if account_id == people[0] and tried.count(people[0]) == 1:
            raise OperationalError("the connection is lost")
        commands.drop(room_id=room_id, account_id=account_id)

    for each in people:
        ask("INSERT INTO rooms_presence_absence VALUES (%s, %s, now())", room, each)
    awake = reaper(drop)
    awake.look()
    assert [is_inside(room, each) for each in people] == [True] + [False] * 4
    assert count("absence") == 1
    awake.look()
    assert tried.count(people[0]) == 1, "it is not tried again at once"

    ask("UPDATE rooms_presence_absence SET due_at = due_at - interval '600 s'")
    awake.look()

    assert not is_inside(room, people[0])
    assert sorted(tried) == sorted([*people, people[0]])
    assert count("absence") == 0


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        ((found,),) = cursor.fetchall()
    return int(found)
