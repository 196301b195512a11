"""Whoever comes in by a request is connected for a while, and for longer by every other one."""

import pytest
from django.db import connection
from pytest_django import Settings

from rooms import commands
from rooms.presence.board import board
from spaces_project.kernel.ids import public
from spaces_project.kernel.limits.table import Limit
from tests.api.scenes import Caller, said
from tests.kernel.jars import eventually
from tests.projections.scenes import live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
LEFT = "SELECT extract(epoch FROM expires_at - now()) FROM rooms_presence_connection"


def _left_s() -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(LEFT)
        return [float(seconds) for (seconds,) in cursor.fetchall()]


def test_a_request_about_the_room_keeps_its_sender_inside() -> None:
    host, bo = someone("ana"), someone("bob")
    room = live_room(host)
    see()
    path, caller = f"rooms/{public('room', room)}", Caller(bo)

    assert caller.ask(f"GET {path}").status_code == 200
    assert _left_s() == [], "who only looks is not connected"

    assert caller.ask(f"POST {path}/join").status_code == 200
    (left_s,) = _left_s()
    assert 0 < left_s <= 90

    with connection.cursor() as cursor:
        cursor.execute("UPDATE rooms_presence_connection SET expires_at = now() + interval '9 s'")
    assert caller.ask("GET rooms").status_code == 200
    assert not eventually(lambda: _left_s()[0] > 30, within_s=0.2)
    other = someone("cyd")
    assert Caller(other).ask(f"GET {path}").status_code == 200
    assert not eventually(lambda: _left_s()[0] > 30, within_s=0.2)

    board()._renewed_at.clear()  # as if a while had passed
    assert caller.ask(f"GET {path}").status_code == 200
    assert eventually(lambda: _left_s()[0] > 30)


@pytest.mark.parametrize("how", ["join", "invitations/accept"])
def test_who_may_not_come_in_so_often_leaves_no_trace(settings: Settings, how: str) -> None:
    settings.LIMITS = {**settings.LIMITS, "joins": Limit("joins", 1, 60)}
    host, bo = someone("ana"), someone("bob")
    rooms = [live_room(host), live_room(someone("cyd"))]
    commands.invite(room_id=rooms[0], account_ids=[bo], by=host)
    caller = Caller(bo)

    assert caller.ask(f"POST rooms/{public('room', rooms[0])}/{how}").status_code == 200
    assert len(_left_s()) == 1
    refused = caller.ask(f"POST rooms/{public('room', rooms[1])}/{how}")
    malformed = caller.ask(f"POST rooms/{public('room', rooms[1])}/{how}", {"as": "host"})

    assert said(refused) == (429, "too-many-requests")
    assert malformed.status_code == 400
    assert len(_left_s()) == 1
