"""Co-hosts, and the hand-over of the room."""

from uuid import UUID

from rooms.commands.grounds import room_and_part, room_for, rules
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def appoint_cohost(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Make a speaker a co-host."""
    room = room_for(room_id, by)
    room.appoint_cohost(account_id, by, now())
    return event_log().append(room)


@command
def dismiss_cohost(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Make a co-host a speaker again."""
    room = room_for(room_id, by)
    room.dismiss_cohost(account_id, by, now())
    return event_log().append(room)


@command
def hand_over(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Let somebody else who is there and on stage host; one stays on stage oneself."""
    room, heir = room_and_part(room_id, account_id, by)
    at = now()
    room.hand_over(account_id, by, at)
    heir.must_be_present()
    former = participation(room.id, by)
    if not former.present:
        room.mute_absent(by, by, at)
    former.keep_seat(by, at, rules())
    return event_log().append(room, former)
