"""Pins."""

from uuid import UUID

from rooms.commands.grounds import room_for, rules
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def pin(*, room_id: UUID, by: UUID, text: str = "", url: str | None = None) -> Receipt:
    """Pin a text, a link, or both."""
    room = room_for(room_id, by)
    room.pin(new_id(), by, now(), text=text, url=url, rules=rules())
    return event_log().append(room)


@command
def unpin(*, room_id: UUID, pin_id: UUID, by: UUID) -> Receipt:
    """Take a pin down."""
    room = room_for(room_id, by)
    room.unpin(pin_id, by, now())
    return event_log().append(room)
