"""What commands decide on: the room, a person's part in it, the numbers."""

from uuid import UUID

from django.conf import settings

from accounts import queries as accounts
from rooms.domain.errors import PersonIsOut, RoomNotFound
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.rules import Rules
from rooms.streams import participation
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import NotFound


def rules() -> Rules:
    """Return the numbers that the operator has set."""
    found: Rules = settings.ROOM_RULES
    return found


def room_for(room_id: UUID, asker_id: UUID) -> Room:
    """Return a room; for somebody whom its present host has blocked there is none."""
    room = room_itself(room_id)
    if asker_id != room.host_id and accounts.has_blocked_now(room.host_id, asker_id):
        raise RoomNotFound
    return room


def room_itself(room_id: UUID) -> Room:
    """Return a room for what happens to it by itself."""
    return event_log().load(Room, room_id, otherwise=RoomNotFound)


def room_and_part(room_id: UUID, account_id: UUID, asker_id: UUID) -> tuple[Room, Participation]:
    """Return a room and one person's part in it.

    A seat that is given in between is seen: the append fails if either has gone on, and whoever
    leaves or is removed then gives the seat back.
    """
    room = room_for(room_id, asker_id)
    return room, participation(room.id, account_id)


def must_exist(account_id: UUID) -> None:
    """Refuse to do anything to somebody who is not known, in the tables or to the log."""
    if account_id not in accounts.people_now([account_id]):
        raise NotFound("There is no such account.")


def must_not_be_blocked(room: Room, account_id: UUID) -> None:
    """Refuse to invite somebody for whom the room is not there."""
    if accounts.has_blocked_now(room.host_id, account_id):
        raise PersonIsOut(account_id=account_id)
