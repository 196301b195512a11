"""Every question that rooms answer: from the tables (now) or from the log (then)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from accounts import queries as accounts
from rooms.domain.errors import RoomNotFound
from rooms.domain.room import Room
from rooms.domain.stage import Card, Stage
from rooms.domain.words import AudiencePolicy, RoomState, SpeakPolicy
from rooms.models import ParticipantRow, RoomRow
from rooms.rights import refusal_to_look
from rooms.rows import DESCRIPTION, DIRECTORY, seats_of
from rooms.streams import participation
from rooms.view import HANDS_SHOWN, LISTENERS_SHOWN, RoomView, Viewer
from spaces_project.kernel.database import rows
from spaces_project.kernel.encryption import open_text
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import EVERYTHING, Recorded, event_log
from spaces_project.kernel.log.snapshots import WORTH_KEEPING

# Whom the viewer follows, or is blocked by, decides what is shown of a room.
READ_MODELS = (DIRECTORY, *accounts.READ_MODELS)

_INSIDE: Final = "FROM rooms_participant WHERE room_id = %(room)s AND present"
_HANDS: Final = f"{_INSIDE} AND hand_seq IS NOT NULL"
_FIELDS: Final = [field.attname for field in RoomRow._meta.concrete_fields]
_COLUMNS: Final = ", ".join(f"r.{name}" for name in _FIELDS)
_ROOM: Final = f"""
SELECT {_COLUMNS},
       (SELECT count(*) {_HANDS}),
       ARRAY(SELECT account_id {_HANDS} ORDER BY hand_seq LIMIT %(hands)s),
       ARRAY(SELECT hand_raised_at {_HANDS} ORDER BY hand_seq LIMIT %(hands)s),
       ARRAY(SELECT account_id {_INSIDE} AND NOT seated
             ORDER BY joined_at, account_id LIMIT %(listeners)s),
       v.present, v.removed, v.blocked,
       CASE WHEN v.hand_seq IS NOT NULL
            THEN (SELECT count(*) {_INSIDE} AND hand_seq <= v.hand_seq) END
FROM rooms_room AS r
LEFT JOIN rooms_participant AS v ON v.room_id = r.id AND v.account_id = %(viewer)s
WHERE r.id = %(room)s
"""  # noqa: S608 - our own words only


def stage_now(room_id: UUID) -> Stage:
    """Return a room as its whole history makes it.

    :raises RoomNotFound: if it has no history.
    """
    return stage_at(room_id, EVERYTHING)


def stage_at(room_id: UUID, seq: int) -> Stage:
    """Return a room as it was right after one of its events.

    :raises RoomNotFound: if it has no history.
    """
    snapshots = event_log().snapshot_store
    stage = snapshots.latest(Stage, room_id, until=seq) or Stage(room_id)
    known = stage.seq
    for recorded in event_log().history(room_id, after=known, until=seq):
        stage.apply(recorded.event, recorded.seq or 0)
    if stage.seq == 0:
        raise RoomNotFound
    if stage.seq - known >= WORTH_KEEPING and stage.is_whole:
        snapshots.keep(stage, room_id, at=stage.seq, key_id=room_id)
    return stage


def events_of(room_id: UUID, after: int, limit: int) -> Sequence[Recorded]:
    """Return one page of a room's events behind a seq."""
    return event_log().read_room(room_id, after=after, limit=limit)


def last_seq(room_id: UUID) -> int:
    """Return the number of the room's newest event; 0 if there is no such room."""
    return event_log().recorder.last_seq(room_id)


def room(room_id: UUID, viewer_id: UUID) -> tuple[RoomView, Viewer, int]:
    """Return a room as the tables show it, its viewer, and its version.

    :raises RoomNotFound: also for somebody whom the host has blocked.
    """
    limits = {"hands": HANDS_SHOWN, "listeners": LISTENERS_SHOWN + 1}
    found = rows(_ROOM, {"room": room_id, "viewer": viewer_id, **limits})
    if not found:
        raise RoomNotFound
    *columns, hand_count, hands, raised_at, listeners, present, removed, blocked, place = found[0]
    row = RoomRow.from_db(None, _FIELDS, columns)
    if accounts.has_blocked(row.host_id, viewer_id):
        raise RoomNotFound
    view = _view(row)
    view.hand_count = hand_count
    view.hands = {a: at for a, at in zip(hands, raised_at, strict=True) if at}
    view.listeners = [a for a in listeners if a not in view.seats][:LISTENERS_SHOWN]
    viewer = Viewer(viewer_id, bool(present), place, bool(removed), bool(blocked))
    viewer = with_relation(viewer, view)
    if refusal_to_look(view, viewer) is not None:
        view.hands = view.listeners = None
    return view, viewer, row.version


def room_inside(room_id: UUID, viewer_id: UUID) -> tuple[RoomView, Viewer]:
    """Return a room to somebody who may see who is inside and what happens there.

    :raises Refusal: to everybody else; listeners have no access after the end.
    """
    view, viewer, _ = room(room_id, viewer_id)
    refusal = refusal_to_look(view, viewer)
    if refusal is not None:
        raise refusal
    return view, viewer


def rooms(*, state: str | None, host_id: UUID | None, viewer_id: UUID) -> QuerySet[RoomRow]:
    """Return the rooms that a viewer may know of, the newest first."""
    found = RoomRow.objects.exclude(host_id__in=accounts.blockers_of(viewer_id))
    if state is not None:
        found = found.filter(state=state)
    if host_id is not None:
        found = found.filter(host_id=host_id)
    return found.order_by("-id")


def views(found: Iterable[RoomRow]) -> list[RoomView]:
    """Return the views of list rows: who is on stage and how many are inside."""
    listed = list(found)
    key_store().prefetch(row.id for row in listed)
    return [_view(row) for row in listed]


def participants(room_id: UUID) -> QuerySet[ParticipantRow]:
    """Return who is inside, in the order of coming in."""
    inside = ParticipantRow.objects.filter(room_id=room_id, present=True)
    return inside.order_by("joined_at", "account_id")


def listener_count(room_id: UUID) -> int:
    """Return how many listen, as the tables know it."""
    return ParticipantRow.objects.filter(room_id=room_id, present=True, seated=False).count()


def with_relation(viewer: Viewer, view: RoomView) -> Viewer:
    """Add whom the viewer and the host follow, where a policy asks for it."""
    me, host_id = viewer.account_id, view.card.host_id
    return replace(
        viewer,
        follows_host=view.audience_policy is AudiencePolicy.FOLLOWERS
        and accounts.follows(me, host_id),
        followed_by_host=view.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        and accounts.follows(host_id, me),
    )


def open_rooms_hosted_by(host_id: UUID) -> list[UUID]:
    """Return the rooms of a host that are not over."""
    open_rooms = RoomRow.objects.filter(host_id=host_id).exclude(state=RoomState.ENDED)
    return list(open_rooms.values_list("id", flat=True))


def empty_rooms() -> list[tuple[UUID, int]]:
    """Return the live rooms in which nobody is, each with the seq at which that is known."""
    found = RoomRow.objects.filter(state=RoomState.LIVE, participant_count=0)
    return list(found.values_list("id", "seq"))


def room_where_on_stage(account_id: UUID) -> UUID | None:
    """Return the newest live room in which somebody has a seat, as the tables know it."""
    seated = ParticipantRow.objects.filter(account_id=account_id, seated=True)
    live = RoomRow.objects.filter(state=RoomState.LIVE, id__in=seated.values("room_id"))
    return live.order_by("-id").values_list("id", flat=True).first()


def host_of(room_id: UUID) -> UUID | None:
    """Return who hosts a room, None if the tables know no such room."""
    return RoomRow.objects.filter(id=room_id).values_list("host_id", flat=True).first()


def takes_part(room_id: UUID, account_id: UUID) -> bool:
    """Tell whether somebody is in a room or on its stage, from the log."""
    part = participation(room_id, account_id)
    return part.present or account_id in event_log().load(Room, room_id).seats


def _view(row: RoomRow) -> RoomView:
    return RoomView(
        row.id,
        RoomState(row.state),
        Card(
            row.host_id,
            row.title,
            open_text(bytes(row.description), row.id, DESCRIPTION) or "",
            row.topic_ids,
            row.stage_size,
            row.created_at,
        ),
        AudiencePolicy(row.audience_policy),
        SpeakPolicy(row.speak_policy),
        seats_of(row.seats),
        row.updated_at,
        row.started_at,
        row.ended_at,
        row.seq,
        row.participant_count,
    )
