"""Invitations to come in and to speak, and the guest list."""

from uuid import UUID

from accounts import queries as accounts
from rooms.commands.grounds import (
    must_exist,
    must_not_be_blocked,
    room_and_part,
    room_for,
    room_itself,
    rules,
)
from rooms.commands.presence import come_in
from rooms.domain.errors import AlreadyOnStage, NotInvited, TooManyInvited
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.limits.commands import limited
from spaces_project.kernel.log.event_log import Receipt, event_log


@limited("invitations")
@command
def invite(*, room_id: UUID, account_ids: list[UUID], by: UUID) -> Receipt:
    """Invite chosen people: all of them, or, if one cannot be invited, nobody."""
    limit = rules().most_invited_at_once
    if len(account_ids) > limit:
        raise TooManyInvited(limit=limit)
    room = room_for(room_id, by)
    room.must_not_be_over()
    room.must_lead(by)
    at, parts = now(), []
    for account_id in dict.fromkeys(account_ids):
        if account_id in room.seats:  # inside already, whatever the policy
            continue
        must_exist(account_id)
        accounts.must_have_name(account_id)
        must_not_be_blocked(room, account_id)
        part = participation(room.id, account_id)
        part.invite(by, at)
        parts.append(part)
    return event_log().append(room, *parts, answer_with=room)


@command
def invite_followers(*, room_id: UUID, by: UUID) -> Receipt:
    """Tell all followers of the host, once for each start."""
    room = room_for(room_id, by)
    room.invite_followers(by, now())
    return event_log().append(room)


@limited("invitations")
@command
def invite_to_speak(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Offer somebody a seat, inside or not yet; the offer expires unanswered."""
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_live()
    room.must_lead(by)
    if account_id in room.seats:
        raise AlreadyOnStage
    must_exist(account_id)
    if not part.present:  # the offer lets in, too; who is inside may choose a name to take it
        accounts.must_have_name(account_id)
    must_not_be_blocked(room, account_id)
    part.invite_to_speak(by, now(), rules())
    return event_log().append(room, part, answer_with=part)


@command
def cancel_invitation(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Take the open offer of a seat back; without one, the invitation."""
    room, part = room_and_part(room_id, account_id, by)
    room.must_not_be_over()
    room.must_lead(by)
    part.cancel_invitation(by, now())
    return event_log().append(part)


@limited("joins")
@command
def accept_invitation(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Take the offered seat, coming in first if necessary; without an offer, come in."""
    room, part = room_and_part(room_id, account_id, account_id)
    at = now()
    if part.speak_invitation is None:
        if not part.invited:
            raise NotInvited
        come_in(room, part, at)
        return event_log().append(part)
    accounts.must_have_name(account_id)
    room.seat_invited(account_id, at)
    part.accept_to_speak(at)
    part.join(at)
    part.take_seat(account_id, at)
    return event_log().append(room, part, answer_with=part)


@command
def decline_invitation(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Say no to the offer of a seat; without one, to the invitation."""
    room, part = room_and_part(room_id, account_id, account_id)
    room.must_not_be_over()
    part.decline_invitation(now())
    return event_log().append(part)


@command
def admit(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Put somebody on the guest list; asked by an app, for instance when a ticket is paid."""
    room = room_itself(room_id)
    room.must_not_be_over()
    must_exist(account_id)
    part = participation(room.id, account_id)
    part.admit(now())
    return event_log().append(part)
