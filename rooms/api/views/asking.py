"""What the views of a room have in common: who asks for what, and how it is answered."""

from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands
from rooms.api.answers import participation_answer, room_answer
from rooms.api.serializers import Empty
from rooms.presence import requests as presence
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import account_in_path, carry_out, parse_id


def room_in_path(text: str) -> UUID:
    """Return the room that a path means.

    :raises NotFound: if it cannot be one.
    """
    return parse_id("room", text)


def as_leader(
    request: Request, room_id: str, command: commands.RoomCommand, **facts: Any
) -> Response:
    """Carry out what somebody does with the room, and answer with the room."""
    if not facts:
        Empty(data=request.data).wished()
    me = asker(request).account_id
    receipt = carry_out(request, command, room_id=room_in_path(room_id), by=me, **facts)
    return room_answer(receipt)


def on_stage(
    request: Request, room_id: str, account_id: str, command: commands.RoomCommand
) -> Response:
    """Carry out what is done to somebody on stage, and answer with the room."""
    return room_answer(_about(request, room_id, account_id, command)[0])


def for_oneself(request: Request, room_id: str, command: commands.RoomCommand) -> Response:
    """Carry out what one does for oneself, and answer with one's part in the room."""
    return _of_oneself(request, room_id, command)


def coming_in(request: Request, room_id: str, command: commands.RoomCommand) -> Response:
    """Carry out what brings who asks into the room, connected from just before it.

    Who joins first could be dropped first; who may not ask so often leaves no trace.
    """
    return _of_oneself(request, room_id, command, connecting=True)


def _of_oneself(
    request: Request, room_id: str, command: commands.RoomCommand, *, connecting: bool = False
) -> Response:
    Empty(data=request.data).wished()
    room, me = room_in_path(room_id), asker(request).account_id
    before = partial(presence.comes_in, room, me) if connecting else None
    receipt = carry_out(request, command, before, room_id=room, account_id=me)
    return participation_answer(receipt, room, me)


def about_somebody(
    request: Request, room_id: str, account_id: str, command: commands.RoomCommand, **facts: Any
) -> Response:
    """Carry out what is done about a person, and answer with that person's part."""
    receipt, room, whom = _about(request, room_id, account_id, command, **facts)
    return participation_answer(receipt, room, whom)


def _about(
    request: Request, room_id: str, account_id: str, command: commands.RoomCommand, **facts: Any
) -> tuple[Receipt, UUID, UUID]:
    if not facts:
        Empty(data=request.data).wished()
    room, whom = room_in_path(room_id), account_in_path(request, account_id)
    me = asker(request).account_id
    receipt = carry_out(request, command, room_id=room, account_id=whom, by=me, **facts)
    return receipt, room, whom
