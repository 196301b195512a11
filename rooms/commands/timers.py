"""What happens to a room by itself: asked by timers, again and again if need be.

None of it changes anything before its time, or when its reason is gone.
"""

from datetime import datetime
from uuid import UUID

from rooms import queries
from rooms.commands.grounds import room_itself, rules
from rooms.domain import deadlines
from rooms.domain.due import is_due
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import RoomState
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def expire_speak_invitation(*, room_id: UUID, account_id: UUID) -> Receipt:
    """End an offer of a seat that nobody answered (``expires_at`` of InvitedToSpeak)."""
    room = room_itself(room_id)
    part = participation(room.id, account_id)
    if room.state is RoomState.LIVE:
        part.let_speak_invitation_expire(now())
    return event_log().append(room, part, answer_with=part)


@command
def lapse_seat(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Free the seat of a speaker who did not come back (``seat_kept_until`` of Dropped)."""
    room = room_itself(room_id)
    part, at = participation(room.id, account_id), now()
    is_guest = account_id in room.seats and account_id != room.host_id
    if room.state is RoomState.LIVE and is_guest and part.is_seat_due(at):
        room.let_seat_lapse(account_id, at)
        part.lose_seat(at)
    return event_log().append(room, part)


@command
def succeed_host(*, room_id: UUID) -> Receipt:
    """Let the first co-host who is there take the place of a host who did not come back.

    Due at ``seat_kept_until`` of the host's Dropped; for a host who never came, as long after the
    start. Without a co-host nothing happens yet: see :func:`end_abandoned`.
    """
    room = room_itself(room_id)
    if room.state is not RoomState.LIVE:
        return event_log().append(room)
    host, at = participation(room.id, room.host_id), now()
    heir = _first_cohost_inside(room)
    if heir is not None and _is_due(deadlines.succession(room, host, rules()), at):
        room.succeed_host(heir, at)
        host.lose_seat(at)
    return event_log().append(room, host)


@command
def end_abandoned(*, room_id: UUID) -> Receipt:
    """End a room whose host is away, and that has no co-host to go on with.

    Due ``abandoned_room_s`` after the host dropped; if the host never came, after the start.
    """
    room = room_itself(room_id)
    if room.state is not RoomState.LIVE:
        return event_log().append(room)
    host, at = participation(room.id, room.host_id), now()
    over = deadlines.abandonment(room, host, rules())
    if _first_cohost_inside(room) is None and _is_due(over, at):
        room.end_by_itself("host_absent", at)
    return event_log().append(room)


@command
def end_empty(*, room_id: UUID) -> Receipt:
    """End a room in which nobody has been for ``empty_room_s``.

    What is asked is the log, never a table that may be behind. Still, somebody may come in between
    this look and the append: joining is in a stream of its own, so that it need not wait for the
    room's. Then the room ends with one person in it, who has waited for nobody for five minutes;
    whoever comes a moment later is told that the room is over.
    """
    room, at = room_itself(room_id), now()
    is_live = room.state is RoomState.LIVE
    if is_live and _is_due(deadlines.emptiness(queries.stage_now(room.id), rules()), at):
        room.end_by_itself("empty", at)
    return event_log().append(room)


@command
def announce_end(*, room_id: UUID) -> Receipt:
    """Warn everybody ``end_warning_s`` before the longest time is over."""
    room, at, numbers = room_itself(room_id), now(), rules()
    ends_at = deadlines.longest(room, numbers)
    if ends_at is not None and _is_due(deadlines.warning(room, numbers), at):
        room.announce_end(ends_at, at)
    return event_log().append(room)


@command
def end_overlong(*, room_id: UUID) -> Receipt:
    """End a room that has lasted ``longest_room_s``."""
    room, at = room_itself(room_id), now()
    if _is_due(deadlines.longest(room, rules()), at):
        room.end_by_itself("longest", at)
    return event_log().append(room)


def _is_due(deadline: datetime | None, at: datetime) -> bool:
    return deadline is not None and is_due(deadline, at)


def _first_cohost_inside(room: Room) -> UUID | None:
    """Return who succeeds; whoever was asked for must still be so when it is stored."""
    parts: list[Participation] = [participation(room.id, a) for a in room.cohosts]
    return next((part.account_id for part in parts if part.present), None)
