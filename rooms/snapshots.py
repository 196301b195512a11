"""What a room looks like from outside: one shape for REST and sockets, whatever it is made from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import queries as accounts
from rooms.domain.room import LEADERS
from rooms.domain.words import Role, Seat
from rooms.rights import abilities, role_of
from rooms.view import RoomView, Viewer
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public


def render(
    view: RoomView, viewer: Viewer | None, names: dict[UUID, accounts.Person] | None = None
) -> dict[str, Any]:
    """Return the room object (api.md: the fields of the X API v2 Space object, and ours)."""
    known = people_in([view]) if names is None else names
    shown: dict[str, Any] = {
        "id": public("room", view.room_id),
        "state": view.state.value,
        "title": view.card.title,
        "description": view.card.description,
        "creator_id": public("acc", view.card.host_id),
        "host_ids": [public("acc", a) for a, s in view.seats.items() if s.role in LEADERS],
        "speaker_ids": [public("acc", a) for a, s in view.seats.items() if s.role is Role.SPEAKER],
        "topic_ids": view.card.topic_ids,
        "audience_policy": view.audience_policy.value,
        "speak_policy": view.speak_policy.value,
        "stage_size": view.card.stage_size,
        "created_at": rfc3339(view.card.created_at),
        "updated_at": rfc3339(view.updated_at),
        "started_at": _time(view.started_at),
        "ended_at": _time(view.ended_at),
        "scheduled_start": None,
        "invited_user_ids": [],
        "subscriber_count": 0,
        "is_ticketed": False,
        "is_recorded": False,
        "lang": None,
        "seats": [render_seat(a, seat, known) for a, seat in view.seats.items()],
        "seq": view.seq,
    }
    shown |= _who_is_inside(view, known)
    if viewer is not None:
        shown["viewer"] = {
            "account_id": public("acc", viewer.account_id),
            "role": role_of(view, viewer),
            "can": abilities(view, viewer),
            "hand_position": viewer.hand_position,
        }
    return shown


def _who_is_inside(view: RoomView, names: dict[UUID, accounts.Person]) -> dict[str, Any]:
    """Return the members that only a view with people has."""
    shown: dict[str, Any] = {}
    if view.participant_count is not None:
        shown["participant_count"] = view.participant_count
    if view.hands is not None:
        shown["hand_count"] = view.hand_count
        shown["hands"] = [
            {**render_person(a, names), "raised_at": rfc3339(at), "position": place}
            for place, (a, at) in enumerate(view.hands.items(), start=1)
        ]
    if view.listeners is not None:
        shown["listeners"] = [render_person(a, names) for a in view.listeners]
    return shown


def people_in(views: Iterable[RoomView]) -> dict[UUID, accounts.Person]:
    """Return the names of everybody whom views show, in one look-up."""
    return accounts.people(
        account_id
        for view in views
        for account_id in (*view.seats, *(view.hands or ()), *(view.listeners or ()))
    )


def render_seat(account_id: UUID, seat: Seat, names: dict[UUID, accounts.Person]) -> dict[str, Any]:
    """Return one seat of the stage."""
    return {
        **render_person(account_id, names),
        "role": seat.role.value,
        "muted": seat.muted,
        "muted_by": public("acc", seat.muted_by) if seat.muted_by else None,
    }


def render_person(account_id: UUID, names: dict[UUID, accounts.Person]) -> dict[str, Any]:
    """Return a reference to a person; one whose account is gone has no name."""
    person = names.get(account_id)
    return {
        "account_id": public("acc", account_id),
        "name": person.name if person else "",
        "handle": person.handle if person else "",
    }


def _time(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
