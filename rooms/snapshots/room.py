"""What a room looks like from outside: one shape for REST and sockets, whatever it is made from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import queries as accounts
from rooms.domain.words import Role
from rooms.rights import leads
from rooms.snapshots.people import Names, render_asked, render_hand, render_person, render_seat
from rooms.snapshots.viewer import render_viewer
from rooms.view import RoomView, Viewer
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public


def render(view: RoomView, viewer: Viewer | None, names: Names | None = None) -> dict[str, Any]:
    """Return the room object (api.md: the fields of the X API v2 Space object, and ours)."""
    known = people_in([view]) if names is None else names
    shown = {
        **_card(view),
        **_stage(view, known),
        "subscriber_count": 0,
        "is_ticketed": False,
        "is_recorded": False,
        "lang": None,
        "seq": view.seq,
        **_who_is_inside(view, known),
    }
    if viewer is None:
        return {**shown, "invited_user_ids": []}
    shown |= _whom_leaders_invited(view, known, is_leader=leads(view, viewer))
    return {**shown, "viewer": render_viewer(view, viewer)}


def people_in(views: Iterable[RoomView]) -> Names:
    """Return the names of everybody whom views show, in one look-up."""
    return accounts.people(
        account_id
        for view in views
        for group in (view.seats, view.hands, view.listeners, view.speak_invitations)
        for account_id in group or ()
    )


def _card(view: RoomView) -> dict[str, Any]:
    return {
        "id": public("room", view.room_id),
        "state": view.state.value,
        "title": view.card.title,
        "description": view.card.description,
        "creator_id": public("acc", view.creator_id),
        "topic_ids": view.card.topic_ids,
        "audience_policy": view.audience_policy.value,
        "speak_policy": view.speak_policy.value,
        "created_at": rfc3339(view.card.created_at),
        "updated_at": rfc3339(view.updated_at),
        "scheduled_start": None,
        "started_at": _time(view.started_at),
        "ending_at": _time(view.ending_at),
        "ended_at": _time(view.ended_at),
        "pins": [
            {
                "pin_id": public("pin", pin_id),
                "text": pin.text,
                "url": pin.url,
                "pinned_by": public("acc", pin.pinned_by) if pin.pinned_by else None,
                "pinned_at": rfc3339(pin.pinned_at),
            }
            for pin_id, pin in view.pins.items()
        ],
    }


def _stage(view: RoomView, names: Names) -> dict[str, Any]:
    speakers = [a for a, seat in view.seats.items() if seat.role is Role.SPEAKER]
    cohosts = _public(view.cohost_ids)
    host_id = public("acc", view.card.host_id)
    hosts = any(seat.role is Role.HOST for seat in view.seats.values())
    seats = [render_seat(a, seat, names) for a, seat in view.seats.items()]
    if view.away is not None:
        for account_id, shown in zip(view.seats, seats, strict=True):
            shown["away"] = account_id in view.away
    return {
        "host_id": host_id,
        "cohost_ids": cohosts,
        "host_ids": [host_id, *cohosts] if hosts else [],
        "speaker_ids": _public(speakers),
        "stage_size": view.card.stage_size,
        "seats": seats,
    }


def _who_is_inside(view: RoomView, names: Names) -> dict[str, Any]:
    """Return the members that only a view with people has."""
    shown: dict[str, Any] = {}
    if view.participant_count is not None:
        shown["participant_count"] = view.participant_count
    if view.hands is not None:
        shown["hand_count"] = view.hand_count
        shown["hands"] = [
            render_hand(account_id, raised_at, place, names)
            for place, (account_id, raised_at) in enumerate(view.hands.items(), start=1)
        ]
    if view.listeners is not None:
        shown["listeners"] = [render_person(a, names) for a in view.listeners]
    return shown


def _whom_leaders_invited(view: RoomView, names: Names, *, is_leader: bool) -> dict[str, Any]:
    """Return who is invited; nobody, for who does not lead the room."""
    invited = (view.invited or []) if is_leader else []
    asked = (view.speak_invitations or {}) if is_leader else {}
    return {
        "invited_user_ids": _public(invited),
        "speak_invitations": [render_asked(a, offer, names) for a, offer in asked.items()],
    }


def _public(account_ids: Iterable[UUID]) -> list[str]:
    return [public("acc", account_id) for account_id in account_ids]


def _time(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
