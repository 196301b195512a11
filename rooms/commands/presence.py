"""Coming and going: by one's own wish, or because the connection is lost."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts import queries as accounts
from rooms import queries
from rooms.commands.grounds import room_and_part, room_itself, rules
from rooms.domain.errors import RoomIsFull
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, RoomState
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.limits.commands import limited
from spaces_project.kernel.log.event_log import Receipt, event_log


@limited("joins")
@command
def join(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Come in as a listener, or back into one's own seat if that is kept."""
    room, part = room_and_part(room_id, account_id, account_id)
    come_in(room, part, now())
    return event_log().append(part)


@command
def leave(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Go away; a speaker's seat becomes free, the host's is kept for a while, muted."""
    room, part = room_and_part(room_id, account_id, account_id)
    room.must_not_be_over()
    at = now()
    if room.state is RoomState.LIVE and account_id in room.seats:
        if account_id == room.host_id:
            room.mute_absent(account_id, account_id, at)
            part.drop(_kept_until(room, account_id, at), account_id, at)
            return event_log().append(room, part, answer_with=part)
        room.step_down(account_id, at)
    part.leave(at, rules())
    return event_log().append(room, part, answer_with=part)


@command
def drop(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Let somebody go whose last connection is lost; a seat is kept for a while, muted."""
    room = room_itself(room_id)
    part = participation(room.id, account_id)
    at = now()
    if not part.present or room.state is RoomState.ENDED:
        return event_log().append(room, part, answer_with=part)
    if room.state is RoomState.LIVE and account_id in room.seats:
        room.mute_absent(account_id, None, at)
        part.drop(_kept_until(room, account_id, at), None, at)
    else:
        part.leave(at, rules(), by_itself=True)
    return event_log().append(room, part, answer_with=part)


def come_in(room: Room, part: Participation, at: datetime) -> None:
    """Let somebody in whom the door does not refuse."""
    part.must_be_welcome()
    room.must_admit(
        part.account_id,
        follows_host=room.audience_policy is AudiencePolicy.FOLLOWERS
        and accounts.follows_now(part.account_id, room.host_id),
        shown=part.pass_at(at),
    )
    if not part.present and part.account_id not in room.seats:
        _must_have_room_for_one(room)
    part.join(at)


def _kept_until(room: Room, account_id: UUID, at: datetime) -> datetime:
    numbers = rules()
    is_host = account_id == room.host_id
    kept_s = numbers.host_seat_kept_s if is_host else numbers.speaker_seat_kept_s
    return at + timedelta(seconds=kept_s)


def _must_have_room_for_one(room: Room) -> None:
    """Refuse one listener more than the operator allows.

    The only thing here that is asked of a table: a count of everybody is in no stream, and a few
    listeners too many in a moment's rush do no harm.
    """
    most = rules().most_listeners
    if most and queries.listener_count(room.id) >= most:
        raise RoomIsFull(limit=most)
