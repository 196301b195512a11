"""When a room is due what happens by itself, from the log and by the numbers of now."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from rooms.domain import deadlines
from rooms.domain.errors import RoomNotFound
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.rules import Rules
from rooms.queries.log import stage_now
from rooms.streams import participation
from spaces_project.kernel.log.event_log import event_log

END_EMPTY: Final = "rooms.end_empty"

_OF_HOST: Final[dict[str, Callable[[Room, Participation, Rules], datetime | None]]] = {
    "rooms.succeed_host": deadlines.succession,
    "rooms.end_abandoned": deadlines.abandonment,
}
_OF_ROOM: Final[dict[str, Callable[[Room, Rules], datetime | None]]] = {
    "rooms.announce_end": deadlines.warning,
    "rooms.end_overlong": deadlines.longest,
}
DEADLINES: Final = (*_OF_HOST, END_EMPTY, *_OF_ROOM)


def deadline(task: str, room_id: UUID) -> datetime | None:
    """Return when one of the ``DEADLINES`` comes; None if there is no reason for it.

    :raises RoomNotFound: if the room has no history.
    """
    rules: Rules = settings.ROOM_RULES
    if task == END_EMPTY:
        return deadlines.emptiness(stage_now(room_id), rules)
    room: Room = event_log().load(Room, room_id, otherwise=RoomNotFound)
    if task in _OF_ROOM:
        return _OF_ROOM[task](room, rules)
    return _OF_HOST[task](room, participation(room_id, room.host_id), rules)
