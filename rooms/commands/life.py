"""A room's life and door, as its host wishes them."""

from typing import Any
from uuid import UUID

from django.conf import settings

from accounts import queries as accounts
from rooms.commands.grounds import room_for, rules
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from rooms.hosting import eligibility_of
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.limits.commands import limited
from spaces_project.kernel.log.event_log import Receipt, event_log


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
    accounts.must_have_name(host_id)
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
        rules=rules(),
    )
    return event_log().append(room)


@command
def start(*, room_id: UUID, by: UUID) -> Receipt:
    """Let the room go live."""
    room = room_for(room_id, by)
    room.start(by, now())
    return event_log().append(room)


@command
def end(*, room_id: UUID, by: UUID) -> Receipt:
    """End the room for good."""
    room = room_for(room_id, by)
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
    """Change who may listen, or who may ask to speak; whoever is inside stays."""
    room = room_for(room_id, by)
    room.change_policies(audience_policy, speak_policy, by, now())
    return event_log().append(room)


@command
def change_card(
    *,
    room_id: UUID,
    by: UUID,
    title: str | None = None,
    description: str | None = None,
    topic_ids: list[str] | None = None,
) -> Receipt:
    """Change what stands on the door."""
    room = room_for(room_id, by)
    room.change_card(
        by, now(), title=title, description=description, topic_ids=topic_ids, rules=rules()
    )
    return event_log().append(room)


@command
def change_room(
    *,
    room_id: UUID,
    by: UUID,
    audience_policy: AudiencePolicy | None = None,
    speak_policy: SpeakPolicy | None = None,
    **card: Any,
) -> Receipt:
    """Change card and policies at once: all that is given, or, if one of it is refused, nothing.

    :param card: as :func:`change_card` takes it.
    """
    room = room_for(room_id, by)
    at = now()
    room.change_card(by, at, **card, rules=rules())
    room.change_policies(audience_policy, speak_policy, by, at)
    return event_log().append(room)
