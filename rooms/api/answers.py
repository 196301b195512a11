"""What a command is answered with: the new state of what was commanded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from accounts import queries as accounts
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.snapshots import render, render_person
from rooms.streams import participation
from rooms.view import RoomView
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.web.wishes import answer, decided


def room_answer(receipt: Receipt, status: int = 200) -> Response:
    """Answer with the room as the command left it: its card, stage and policies."""
    room = decided(receipt, Room)
    names = accounts.people_now(room.seats)
    response = answer(receipt, render(RoomView.of_entity(room, receipt.seq), None, names), status)
    if status == 201:  # noqa: PLR2004 - Created
        response["Location"] = f"/api/v1/rooms/{public('room', room.id)}"
    return response


def participation_answer(receipt: Receipt, room_id: UUID, account_id: UUID) -> Response:
    """Answer with one person's part in the room."""
    known = receipt.entity
    if not isinstance(known, Participation):
        known = participation(room_id, account_id, version=receipt.version)
    return answer(receipt, {**render_participation(known), "seq": receipt.seq})


def render_participation(known: Participation) -> dict[str, Any]:
    """Return one person's part in a room."""
    offer = known.speak_invitation
    return {
        **render_person(known.account_id, accounts.people_now([known.account_id])),
        "room_id": public("room", known.room_id),
        "present": known.present,
        "on_stage": known.seated,
        "hand_raised_at": _time(known.hand_raised_at),
        "may_ask_from": _time(known.may_ask_from),
        "seat_kept_until": _time(known.seat_kept_until),
        "invited": known.invited,
        "speak_invitation": {"expires_at": rfc3339(offer.expires_at)} if offer else None,
        "removed": known.removed,
        "blocked": known.blocked,
    }


def _time(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
