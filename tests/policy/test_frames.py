"""The policy table of command frames: every role is answered as its row says."""

import re
from typing import Any

import pytest
from pytest_django import Settings

from rooms.reactions.react import react
from rooms.socket_commands import REACTION, SOCKET_COMMANDS, carry_out
from rooms.socket_wishes import CommandFrame
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.refusals import Refusal
from spaces_project.policy.frames import FRAMES
from spaces_project.policy.roles import ROLES
from spaces_project.policy.sockets import SOCKETS
from spaces_project.presets import PRESETS
from tests.policy.night import Night

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

NO_SOCKET = re.compile(r"4\d\d\d")
ONES_OWN = re.compile(
    r"^(room\.(join|leave)|hand\.(raise|lower)|invitation\.\w+|\w+\.self|speaker\.step_down)$"
)


@pytest.fixture(autouse=True)
def everybody_hosts_as_often_as_they_like(settings: Settings) -> None:
    settings.PRESET = PRESETS["classic"]
    settings.LIMITS = {}


def answered(night: Night, row: str, role: str) -> str:
    """Do what a socket does with a frame; return its answer."""
    kind = row.partition(" ")[0]
    data: dict[str, Any] = night.wish(dict(FRAMES.bodies.get(row, {})))
    room, me = night.rooms["room"], night.people[role]
    try:
        if kind == REACTION:
            react(room_id=room, account_id=me, emoji=data["emoji"])
        else:
            carry_out(CommandFrame(kind, new_id().hex, data), room, me)
    except Refusal as refusal:
        return str(refusal.status)
    return "ack"


def test_every_role_is_answered_as_the_table_says() -> None:
    night, wrong = Night(), {}
    for row in FRAMES.rows:
        wanted = FRAMES.answers(row)
        found = {role: wanted[role] for role in ROLES if NO_SOCKET.fullmatch(wanted[role])}
        has_changed = False
        for role in sorted(set(ROLES) - set(found), key=lambda role: wanted[role] == "ack"):
            found[role] = answered(night, row, role)
            has_changed = has_changed or found[role] == "ack"
            if has_changed and not ONES_OWN.search(row):
                night.begin_again()
                has_changed = False
        if has_changed:
            night.begin_again()
        if found != wanted:
            wrong[row] = " ".join(found[role] for role in ROLES)

    assert wrong == {}


def test_who_has_no_socket_is_refused_even_so() -> None:
    """A frame that was on its way when the right ended meets the domain."""
    night = Night()
    for row in FRAMES.rows:
        for role in ("removed", "blocked"):
            if row != "room.leave" or role == "blocked":
                assert answered(night, row, role) != "ack", (row, role)


def test_every_frame_has_a_row_and_nobody_sends_one_who_has_no_socket() -> None:
    assert {row.partition(" ")[0] for row in FRAMES.rows} == {*SOCKET_COMMANDS, REACTION}
    doors = SOCKETS.answers("/ws/v1/rooms/{room}")
    shut = {role: code for role, code in doors.items() if NO_SOCKET.fullmatch(code)}
    for row in FRAMES.rows:
        answers = FRAMES.answers(row)
        assert {r: c for r, c in answers.items() if NO_SOCKET.fullmatch(c)} == shut, row
