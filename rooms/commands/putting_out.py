"""Putting people out of a room, and letting them in again."""

from uuid import UUID

from accounts import queries as accounts
from rooms.commands.grounds import must_exist, room_and_part, rules
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def remove(*, room_id: UUID, account_id: UUID, by: UUID, reason: str = "") -> Receipt:
    """Put someone out of this room for good, also after he or she has left."""
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_live()
    room.must_lead(by)
    room.must_be_below(account_id, by)
    must_exist(account_id)
    at = now()
    if account_id in room.seats:
        room.demote_speaker(account_id, by, at)
    part.remove(by, at, reason, rules())
    return event_log().append(room, part, answer_with=part)


@command
def lift_removal(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Let somebody who was removed come in again."""
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_hosted_by(by)
    part.lift_removal(by, now())
    return event_log().append(part)


@command
def block(*, room_id: UUID, account_id: UUID, by: UUID, carried_over: bool = False) -> Receipt:
    """Put someone out of every room of this host, beginning with this one.

    :param carried_over: the host has blocked the account already; this only brings it here.
    """
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_hosted_by(by)
    room.must_not_host(account_id)
    must_exist(account_id)
    at = now()
    if account_id in room.seats:
        room.demote_speaker(account_id, by, at)
    part.block(by, at, carried_over=carried_over, rules=rules())
    return event_log().append(room, part, answer_with=part)


@command
def unblock(*, room_id: UUID, account_id: UUID, by: UUID, carried_over: bool = False) -> Receipt:
    """Let somebody whom the host blocked into all rooms of the host again, beginning with this.

    :param carried_over: the host has unblocked the account already; this only brings it here.
    """
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_hosted_by(by)
    elsewhere = not carried_over and accounts.has_blocked_now(by, account_id)
    part.unblock(by, now(), elsewhere=elsewhere, carried_over=carried_over)
    return event_log().append(part)
