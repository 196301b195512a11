"""What a room looks like from outside: one shape for REST and sockets, whatever it is made from."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

import msgspec

from accounts import queries as accounts
from rooms.domain.errors import FollowersOnly, RemovedFromRoom, RoomIsOver, RoomNotLive
from rooms.domain.room import LEADERS, Room
from rooms.domain.stage import Card, Stage
from rooms.domain.words import AudiencePolicy, Role, RoomState, Seat, SpeakPolicy
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.refusals import Refusal

LISTENERS_SHOWN: Final = 50
HANDS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and how he or she stands to the room."""

    account_id: UUID
    present: bool = False
    hand_position: int | None = None  # in the line, from 1; None without a raised hand
    removed: bool = False
    blocked: bool = False
    follows_host: bool = False
    followed_by_host: bool = False


@dataclass(slots=True)
class RoomView:
    """Everything that is shown of a room; people in it only where they are known."""

    room_id: UUID
    state: RoomState
    card: Card
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy
    seats: dict[UUID, Seat]
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seq: int | None = None
    participant_count: int | None = None
    hands: dict[UUID, datetime] | None = None  # the first of the line
    hand_count: int = 0
    listeners: list[UUID] | None = field(default=None)

    @classmethod
    def of_stage(cls, stage: Stage) -> "RoomView":
        """Return the view of a folded room; a copy, as the fold goes on."""
        assert stage.card is not None
        assert stage.state is not None
        listeners = (account_id for account_id in stage.present if account_id not in stage.seats)
        return cls(
            stage.room_id,
            stage.state,
            stage.card,
            stage.audience_policy,
            stage.speak_policy,
            {account_id: msgspec.structs.replace(s) for account_id, s in stage.seats.items()},
            stage.updated_at or stage.card.created_at,
            stage.started_at,
            stage.ended_at,
            stage.seq,
            len(stage.present),
            dict(islice(stage.hands.items(), HANDS_SHOWN)),
            len(stage.hands),
            list(islice(listeners, LISTENERS_SHOWN)),
        )

    @classmethod
    def of_entity(cls, room: Room, seq: int | None) -> "RoomView":
        """Return the view of a room as a command left it; who is inside is not its business."""
        assert room.state is not None
        card = Card(
            room.host_id,
            room.title,
            room.description,
            room.topic_ids,
            room.seat_policy.stage_size,
            room.created_at,
        )
        return cls(
            room.id,
            room.state,
            card,
            room.audience_policy,
            room.speak_policy,
            room.seats,
            room.updated_at,
            room.started_at,
            room.ended_at,
            seq,
        )


def render(
    view: RoomView, viewer: Viewer | None, names: dict[UUID, accounts.Person] | None = None
) -> dict[str, Any]:
    """Return the room object (api.md: the fields of the X API v2 Space object, and ours)."""
    known = people_in(view) if names is None else names
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


def people_in(view: RoomView) -> dict[UUID, accounts.Person]:
    """Return the names of everybody whom a view shows, in one look-up."""
    return accounts.people([*view.seats, *(view.hands or ()), *(view.listeners or ())])


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


def role_of(view: RoomView, viewer: Viewer) -> str | None:
    """Return what the viewer is in the room."""
    if seat := view.seats.get(viewer.account_id):
        return seat.role.value
    if viewer.blocked:
        return "blocked"
    if viewer.removed:
        return "removed"
    if viewer.hand_position is not None:
        return "requested"
    return "listener" if viewer.present else None


def abilities(view: RoomView, viewer: Viewer) -> list[str]:
    """Return what the viewer may do now; the domain decides again when it is asked."""
    if view.state is RoomState.ENDED or viewer.removed or viewer.blocked:
        return []
    seat = view.seats.get(viewer.account_id)
    can: list[str] = []
    if seat is not None and seat.role is Role.HOST:
        can += ["end", "change_policies", "block"]
        can += ["start"] if view.state is RoomState.SCHEDULED else []
    if viewer.present:
        can.append("leave")
    elif seat is not None or _admits(view, viewer):
        can.append("join")
    if view.state is not RoomState.LIVE:
        return can
    can += ["listen"] if viewer.present or seat is not None else []
    if seat is None:
        return can + _listener_abilities(view, viewer)
    can += ["speak", "unmute_self" if seat.muted else "mute_self"]
    can += ["promote", "demote", "mute", "remove"] if seat.role in LEADERS else []
    can += [] if seat.role is Role.HOST else ["step_down"]
    return can


def refusal_to_look(view: RoomView, viewer: Viewer) -> Refusal | None:
    """Return why somebody may not see who is inside and what happens there; None if he may."""
    if viewer.account_id == view.card.host_id:
        return None
    if viewer.removed or viewer.blocked:
        return RemovedFromRoom()
    if view.state is RoomState.ENDED:
        return RoomIsOver()
    if viewer.present or viewer.account_id in view.seats or _admits(view, viewer):
        return None
    return RoomNotLive() if view.state is RoomState.SCHEDULED else FollowersOnly()


def _listener_abilities(view: RoomView, viewer: Viewer) -> list[str]:
    if not viewer.present:
        return []
    if viewer.hand_position is not None:
        return ["lower_hand"]
    asks = view.speak_policy is SpeakPolicy.EVERYONE or (
        view.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST and viewer.followed_by_host
    )
    return ["raise_hand"] if asks else []


def _admits(view: RoomView, viewer: Viewer) -> bool:
    open_to_all = view.audience_policy is AudiencePolicy.PUBLIC
    return view.state is RoomState.LIVE and (open_to_all or viewer.follows_host)


def _time(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
