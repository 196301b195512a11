"""What each event changes in a room's life, card, policies and pins."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from rooms.domain import events
from rooms.domain.words import Role, RoomState
from rooms.projections.directory.rows import RoomCells, SeatCells
from rooms.rows import DESCRIPTION, PINS, PinCells, sealed


def created(room_id: UUID, happened: events.RoomCreated) -> RoomCells:
    """Return the row of a new room."""
    return RoomCells(
        id=room_id,
        state=RoomState.SCHEDULED,
        host_id=happened.host_id,
        creator_id=happened.host_id,
        title=happened.title,
        description=sealed(happened.description, room_id, DESCRIPTION),
        topic_ids=happened.topic_ids,
        audience_policy=happened.audience_policy,
        speak_policy=happened.speak_policy,
        stage_size=happened.seat_policy.stage_size,
        seats=[SeatCells(happened.host_id, Role.HOST, away=True)],
        created_at=happened.at,
        updated_at=happened.at,
        version=happened.originator_version,
        seq=0,
    )


def _stay(_room: RoomCells, _happened: events.RoomCreated) -> None:
    """Change nothing: the new row says it all."""


def _start(room: RoomCells, happened: events.RoomStarted) -> None:
    room.state, room.started_at, room.updated_at = RoomState.LIVE, happened.at, happened.at


def _invite_followers(room: RoomCells, _happened: events.FollowersInvited) -> None:
    room.followers_invited = True


def _change_title(room: RoomCells, happened: events.TitleChanged) -> None:
    room.title, room.updated_at = happened.title, happened.at


def _change_description(room: RoomCells, happened: events.DescriptionChanged) -> None:
    room.description = sealed(happened.description, room.id, DESCRIPTION)
    room.updated_at = happened.at


def _change_topics(room: RoomCells, happened: events.TopicsChanged) -> None:
    room.topic_ids, room.updated_at = happened.topic_ids, happened.at


def _change_policies(room: RoomCells, happened: events.PoliciesChanged) -> None:
    room.audience_policy, room.speak_policy = happened.audience_policy, happened.speak_policy
    room.updated_at = happened.at


def _pin(room: RoomCells, happened: events.Pinned) -> None:
    room.pins = [
        *room.pins,
        PinCells(
            happened.pin_id,
            sealed(happened.text, room.id, PINS),
            sealed(happened.url, room.id, PINS) if happened.url is not None else None,
            happened.by,
            happened.at,
        ),
    ]


def _unpin(room: RoomCells, happened: events.Unpinned) -> None:
    room.pins = [pin for pin in room.pins if pin.pin_id != happened.pin_id]


def _warn(room: RoomCells, happened: events.EndingSoon) -> None:
    room.ending_at = happened.ends_at


def _end(room: RoomCells, happened: events.RoomEnded) -> None:
    room.state, room.ended_at, room.updated_at = RoomState.ENDED, happened.at, happened.at
    room.seats = []
    room.cohost_ids = []
    room.participant_count = 0


LIFE_CHANGES: Final[dict[type, Callable[[RoomCells, Any], None]]] = {
    events.RoomCreated: _stay,
    events.RoomStarted: _start,
    events.FollowersInvited: _invite_followers,
    events.TitleChanged: _change_title,
    events.DescriptionChanged: _change_description,
    events.TopicsChanged: _change_topics,
    events.PoliciesChanged: _change_policies,
    events.Pinned: _pin,
    events.Unpinned: _unpin,
    events.EndingSoon: _warn,
    events.RoomEnded: _end,
}
