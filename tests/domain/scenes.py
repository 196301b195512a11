"""What tests about the rules of a room say often."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from rooms.domain.eligibility import Eligibility
from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from spaces_project.kernel.entity import Entity
from spaces_project.kernel.refusals import Refusal

ANA = UUID("0190a0a0-0000-7000-8000-00000000000a")
BO = UUID("0190a0a0-0000-7000-8000-00000000000b")
CY = UUID("0190a0a0-0000-7000-8000-00000000000c")
ROOM = UUID("0190a0a0-0000-7000-8000-000000000001")
BOS_PART = UUID("0190a0a0-0000-7000-8000-000000000002")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAUNCH = SeatPolicy(stage_size=12, most_cohosts=2)
ENOUGH = Eligibility(preset="launch", followers=600, followers_needed=600)


def after(seconds: float) -> datetime:
    """Return a time so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def person(number: int) -> UUID:
    """Return one of many people."""
    return UUID(int=BO.int + 0x1000 + number)


def new_room(host: UUID = ANA, **wishes: Any) -> Room:
    """Return a room that its host has just opened; ``wishes`` change how."""
    room = Room(ROOM)
    asked: dict[str, Any] = {
        "title": "Tea",
        "description": "",
        "topic_ids": [],
        "audience_policy": AudiencePolicy.PUBLIC,
        "speak_policy": SpeakPolicy.EVERYONE,
        "seat_policy": LAUNCH,
        "eligibility": ENOUGH,
    }
    room.create(**asked | wishes, by=host, at=NOON)
    return room


def live_room(host: UUID = ANA, **wishes: Any) -> Room:
    """Return a live room, nothing of it pending."""
    room = new_room(host, **wishes)
    room.start(host, NOON)
    room.collect_events()
    return room


def ended_room() -> Room:
    """Return a room that is over, with a speaker at its end, nothing of it pending."""
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.end(ANA, NOON)
    room.collect_events()
    return room


def bos_part() -> Participation:
    """Return Bo's part in the room before Bo came."""
    return Participation(BOS_PART, ROOM, BO)


def bo_inside() -> Participation:
    """Return Bo's part in the room after Bo came in, nothing of it pending."""
    part = bos_part()
    part.join(NOON)
    part.collect_events()
    return part


def state(part: Participation) -> tuple[bool, bool, bool]:
    """Return whether somebody is inside, on stage, and has a hand up."""
    return part.present, part.seated, part.hand_raised_at is not None


def events(entity: Entity) -> list[str]:
    """Return the topics that an entity has decided, without their app."""
    return [happened.TOPIC.removeprefix("rooms.") for happened in entity.pending_events]


@contextmanager
def refused(entity: Entity, refusal: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Claim that the command inside says no, and that nothing was recorded."""
    before, version = list(entity.pending_events), entity.version
    with pytest.raises(refusal) as caught:
        yield caught
    assert caught.type is refusal
    assert entity.pending_events == before
    assert entity.version == version
