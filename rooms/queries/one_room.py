"""One room as the tables show it, and how its viewer stands to it."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from accounts import queries as accounts
from rooms.domain.errors import RoomNotFound
from rooms.domain.words import AudiencePolicy, RoomState, SpeakInvitation, SpeakPolicy
from rooms.models import RoomRow
from rooms.queries.rows import view_of
from rooms.rights import refusal_to_look
from rooms.view import (
    ASKED_SHOWN,
    HANDS_SHOWN,
    INVITED_SHOWN,
    LISTENERS_SHOWN,
    RoomView,
    Viewer,
)
from spaces_project.kernel.database import rows

LIMITS: Final = {
    "hands": HANDS_SHOWN,
    "listeners": LISTENERS_SHOWN + 1,
    "invited": INVITED_SHOWN,
    "asked": ASKED_SHOWN,
}
_HERE: Final = "FROM rooms_participant WHERE room_id = %(room)s"
_INSIDE: Final = f"{_HERE} AND present"
# Whoever has a hand up is inside. Not asking for that leaves one index to go by, which holds hands
# alone, also before the database has counted how many came in a minute.
_HANDS: Final = f"{_HERE} AND hand_seq IS NOT NULL"
_ASKED: Final = f"""{_HERE} AND speak_invited_until IS NOT NULL
                    ORDER BY speak_invited_until, account_id LIMIT %(asked)s"""
_FIELDS: Final = [field.attname for field in RoomRow._meta.concrete_fields]
_COLUMNS: Final = ", ".join(f"r.{name}" for name in _FIELDS)
_PEOPLE: Final = (
    "hand_count", "hands", "raised_at", "listeners", "invited", "asked", "asked_by", "asked_until",
)  # fmt: skip
_VIEWER: Final = (
    "present", "removed", "blocked", "hand_raised_at", "may_ask_from", "invited", "guest",
    "speak_invited_by", "speak_invited_until",
)  # fmt: skip
_ROOM: Final = f"""
SELECT {_COLUMNS},
       (SELECT count(*) {_HANDS}),
       ARRAY(SELECT account_id {_HANDS} ORDER BY hand_seq LIMIT %(hands)s),
       ARRAY(SELECT hand_raised_at {_HANDS} ORDER BY hand_seq LIMIT %(hands)s),
       ARRAY(SELECT account_id {_INSIDE} AND NOT seated
             ORDER BY joined_at, account_id LIMIT %(listeners)s),
       ARRAY(SELECT account_id {_HERE} AND invited ORDER BY account_id LIMIT %(invited)s),
       ARRAY(SELECT account_id {_ASKED}),
       ARRAY(SELECT speak_invited_by {_ASKED}),
       ARRAY(SELECT speak_invited_until {_ASKED}),
       {", ".join(f"v.{name}" for name in _VIEWER)},
       CASE WHEN v.hand_seq IS NOT NULL
            THEN (SELECT count(*) {_HERE} AND hand_seq <= v.hand_seq) END
FROM rooms_room AS r
LEFT JOIN rooms_participant AS v ON v.room_id = r.id AND v.account_id = %(viewer)s
WHERE r.id = %(room)s
"""  # noqa: S608 - our own words only


def room(room_id: UUID, viewer_id: UUID) -> tuple[RoomView, Viewer, int]:
    """Return a room as the tables show it, its viewer, and its version.

    Who may not look inside sees the door: card, stage and how many there are, but no words.

    :raises RoomNotFound: also for somebody whom the host has blocked.
    """
    found = rows(_ROOM, {"room": room_id, "viewer": viewer_id, **LIMITS})
    if not found:
        raise RoomNotFound
    cells = list(found[0])
    row = RoomRow.from_db(None, _FIELDS, cells[: len(_FIELDS)])
    people = dict(zip(_PEOPLE, cells[len(_FIELDS) :], strict=False))
    *standing, place = cells[len(_FIELDS) + len(_PEOPLE) :]
    view = view_of(row)
    _show_people(view, people)
    viewer = _viewer(viewer_id, dict(zip(_VIEWER, standing, strict=True)), place)
    viewer = with_relation(viewer, view)
    if viewer.blocked_by_host:
        raise RoomNotFound
    if refusal_to_look(view, viewer) is not None:
        view.hands = view.listeners = view.invited = view.speak_invitations = None
        view.pins = {}
    return view, viewer, row.version


def open_to_all(room_id: UUID) -> RoomView:
    """Return a live room that everybody may listen to: card, stage and how many there are.

    :raises RoomNotFound: for every other room, as if there were none.
    """
    doors = RoomRow.objects.filter(state=RoomState.LIVE, audience_policy=AudiencePolicy.PUBLIC)
    row = doors.filter(id=room_id).first()
    if row is None:
        raise RoomNotFound
    return view_of(row)


def room_inside(room_id: UUID, viewer_id: UUID) -> tuple[RoomView, Viewer]:
    """Return a room to somebody who may see who is inside and what happens there.

    :raises Refusal: to everybody else; listeners have no access after the end.
    """
    view, viewer, _ = room(room_id, viewer_id)
    refusal = refusal_to_look(view, viewer)
    if refusal is not None:
        raise refusal
    return view, viewer


def with_relation(viewer: Viewer, view: RoomView) -> Viewer:
    """Add who blocked whom, and whom viewer and host follow where a policy asks for it."""
    me, host_id = viewer.account_id, view.card.host_id
    blocks = accounts.blocks_between(me, {host_id, *view.seats})
    return replace(
        viewer,
        follows_host=view.audience_policy is AudiencePolicy.FOLLOWERS
        and accounts.follows(me, host_id),
        followed_by_host=view.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        and accounts.follows(host_id, me),
        blocked_by_host=host_id in blocks.by,
        blocked_on_stage=tuple(account_id for account_id in view.seats if account_id in blocks.of),
    )


def _show_people(view: RoomView, people: dict[str, Any]) -> None:
    view.hand_count = people["hand_count"]
    view.hands = dict(zip(people["hands"], people["raised_at"], strict=True))
    view.listeners = [a for a in people["listeners"] if a not in view.seats][:LISTENERS_SHOWN]
    view.invited = people["invited"]
    view.speak_invitations = {
        account_id: SpeakInvitation(by, until)
        for account_id, by, until in zip(
            people["asked"], people["asked_by"], people["asked_until"], strict=True
        )
    }


def _viewer(viewer_id: UUID, known: dict[str, Any], place: int | None) -> Viewer:
    until = known["speak_invited_until"]
    return Viewer(
        viewer_id,
        present=bool(known["present"]),
        hand_position=place,
        removed=bool(known["removed"]),
        blocked=bool(known["blocked"]),
        hand_raised_at=known["hand_raised_at"],
        may_ask_from=known["may_ask_from"],
        invited=bool(known["invited"]),
        guest=bool(known["guest"]),
        speak_invitation=SpeakInvitation(known["speak_invited_by"], until) if until else None,
    )
