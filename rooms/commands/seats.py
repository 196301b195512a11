"""Seats and microphones."""

from uuid import UUID

from accounts import queries as accounts
from rooms.commands.grounds import room_and_part, room_for
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def promote_speaker(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Bring someone onto the stage."""
    room, part = room_and_part(room_id, account_id, by)
    at = now()
    room.promote_speaker(account_id, by, at)
    accounts.must_have_name(account_id)
    part.must_not_be_out()
    part.take_seat(by, at)
    return event_log().append(room, part)


@command
def demote_speaker(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Move someone to the audience; oneself: step down."""
    room, part = room_and_part(room_id, account_id, by)
    at = now()
    if by == account_id:
        room.step_down(account_id, at)
    else:
        room.demote_speaker(account_id, by, at)
    part.give_seat_back(by, at)
    return event_log().append(room, part)


@command
def mute(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Close a microphone: one's own, or as a leader anyone's."""
    room = room_for(room_id, by)
    room.mute(account_id, by, now())
    return event_log().append(room)


@command
def unmute(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Open one's own microphone, unless one is away and the seat is only kept."""
    room, part = room_and_part(room_id, account_id, by)
    room.unmute(account_id, by, now())
    part.must_not_be_away()
    return event_log().append(room)


@command
def mute_all(*, room_id: UUID, by: UUID) -> Receipt:
    """Close all open microphones but those of host and co-hosts."""
    room = room_for(room_id, by)
    room.mute_all(by, now())
    return event_log().append(room)
