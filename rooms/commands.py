"""Everything that may be asked of a room: load, decide, append."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from accounts import queries as accounts
from rooms.domain.errors import RoomNotFound
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from rooms.hosting import eligibility_of
from rooms.streams import participation
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.limits.commands import limited
from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.kernel.refusals import NotFound

RoomCommand = Callable[..., Receipt]


@limited("rooms")
@command
def open_room(
    *,
    host_id: UUID,
    title: str,
    description: str = "",
    topic_ids: list[str] | None = None,
    audience_policy: AudiencePolicy = AudiencePolicy.PUBLIC,
    speak_policy: SpeakPolicy = SpeakPolicy.EVERYONE,
) -> Receipt:
    """Open a room; it goes live when its host starts it."""
    preset = settings.PRESET
    room = Room(new_id())
    room.create(
        title=title,
        description=description,
        topic_ids=topic_ids or [],
        audience_policy=audience_policy,
        speak_policy=speak_policy,
        seat_policy=SeatPolicy(preset.stage_size, preset.most_cohosts),
        eligibility=eligibility_of(host_id),
        by=host_id,
        at=now(),
    )
    return event_log().append(room)


@command
def start(*, room_id: UUID, by: UUID) -> Receipt:
    """Let the room go live."""
    room = _room(room_id, by)
    room.start(by, now())
    return event_log().append(room)


@command
def end(*, room_id: UUID, by: UUID) -> Receipt:
    """End the room for good."""
    room = _room(room_id, by)
    room.end(by, now())
    return event_log().append(room)


@command
def change_policies(
    *,
    room_id: UUID,
    by: UUID,
    audience_policy: AudiencePolicy | None = None,
    speak_policy: SpeakPolicy | None = None,
) -> Receipt:
    """Change who may listen, or who may ask to speak."""
    room = _room(room_id, by)
    room.change_policies(audience_policy, speak_policy, by, now())
    return event_log().append(room)


@limited("joins")
@command
def join(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Come in as a listener."""
    room = _room(room_id, account_id)
    part = participation(room.id, account_id)
    part.must_be_welcome()
    room.must_admit(
        account_id,
        follows_host=room.audience_policy is AudiencePolicy.FOLLOWERS
        and accounts.follows_now(account_id, room.host_id),
    )
    part.join(now())
    return event_log().append(part)


@command
def leave(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Go away; a speaker's seat becomes free, the host's is kept and muted."""
    room, part = _room_and_part(room_id, account_id, account_id)
    room.must_not_be_over()
    at = now()
    if account_id in room.seats:
        if account_id == room.host_id:
            if not room.seats[account_id].muted:
                room.mute(account_id, account_id, at)
        else:
            room.step_down(account_id, at)
    part.leave(at)
    return event_log().append(room, part, answer_with=part)


@command
def raise_hand(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Ask for a seat."""
    room, part = _room_and_part(room_id, account_id, account_id)
    room.must_let_ask(
        account_id,
        followed_by_host=room.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        and accounts.follows_now(room.host_id, account_id),
    )
    part.raise_hand(now())
    return event_log().append(part)


@command
def lower_hand(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Withdraw one's own request, or, as a leader, refuse somebody's."""
    room = _room(room_id, by)
    room.must_be_live()
    if by != account_id:
        room.must_lead(by)
    part = participation(room.id, account_id)
    part.lower_hand(by, now())
    return event_log().append(part)


@command
def promote_speaker(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Bring someone onto the stage."""
    room = _room(room_id, by)
    part = participation(room.id, account_id)
    at = now()
    room.promote_speaker(account_id, by, at)
    part.take_seat(by, at)
    return event_log().append(room, part)


@command
def demote_speaker(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Move someone to the audience; oneself: step down."""
    room = _room(room_id, by)
    part = participation(room.id, account_id)
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
    room = _room(room_id, by)
    room.mute(account_id, by, now())
    return event_log().append(room)


@command
def unmute(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Open one's own microphone."""
    room = _room(room_id, by)
    room.unmute(account_id, by, now())
    return event_log().append(room)


@command
def remove(*, room_id: UUID, account_id: UUID, by: UUID, reason: str = "") -> Receipt:
    """Put someone out of this room for good, also after he or she has left."""
    room, part = _room_and_part(room_id, account_id, by)
    room.must_be_live()
    room.must_lead(by)
    room.must_not_host(account_id)
    _must_exist(account_id)
    at = now()
    if account_id in room.seats:
        room.demote_speaker(account_id, by, at)
    part.remove(by, at, reason)
    return event_log().append(room, part, answer_with=part)


@command
def block(*, room_id: UUID, account_id: UUID, by: UUID, carried_over: bool = False) -> Receipt:
    """Put someone out of every room of this host, beginning with this one.

    :param carried_over: the host has blocked the account already; this only brings it here.
    """
    room, part = _room_and_part(room_id, account_id, by)
    room.must_be_hosted_by(by)
    room.must_not_host(account_id)
    _must_exist(account_id)
    at = now()
    if account_id in room.seats:
        room.demote_speaker(account_id, by, at)
    part.block(by, at, carried_over=carried_over)
    return event_log().append(room, part, answer_with=part)


@command
def unblock(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Let somebody whom the host blocked into this room again."""
    room, part = _room_and_part(room_id, account_id, by)
    room.must_be_hosted_by(by)
    part.unblock(by, now())
    return event_log().append(part)


def _room(room_id: UUID, asker_id: UUID) -> Room:
    """Return a room; for somebody whom its host has blocked there is none."""
    room = event_log().load(Room, room_id, otherwise=RoomNotFound)
    if asker_id != room.host_id and accounts.has_blocked_now(room.host_id, asker_id):
        raise RoomNotFound
    return room


def _room_and_part(room_id: UUID, account_id: UUID, asker_id: UUID) -> tuple[Room, Participation]:
    """Return a room and one person's part in it.

    A seat that is given in between is seen: the append fails if either has gone on, and whoever
    leaves or is removed then gives the seat back.
    """
    room = _room(room_id, asker_id)
    return room, participation(room.id, account_id)


def _must_exist(account_id: UUID) -> None:
    if accounts.person(account_id) is None:
        raise NotFound("There is no such account.")
