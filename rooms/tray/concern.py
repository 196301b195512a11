"""Whom an event may concern: seldom everybody, mostly the followers of one person."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from accounts.events import Blocked, Followed, NameChosen, ProfileChanged, Unblocked, Unfollowed
from rooms.domain.events import (
    CohostAppointed,
    CohostDismissed,
    Dropped,
    FollowersInvited,
    HostHandedOver,
    Joined,
    Left,
    ParticipationEvent,
    PoliciesChanged,
    Returned,
    RoomEnded,
    RoomStarted,
    SeatLapsed,
    SpeakerDemoted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    TitleChanged,
    TopicsChanged,
)
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.event_log import Recorded

OF_THE_STAGE: Final = (
    SpeakerPromoted,
    SpeakerDemoted,
    SpeakerSteppedDown,
    SeatLapsed,
    CohostAppointed,
    CohostDismissed,
)
OF_THE_ROOM: Final = (
    RoomStarted,
    RoomEnded,
    PoliciesChanged,
    TitleChanged,
    TopicsChanged,
    HostHandedOver,
)
COMING_AND_GOING: Final = (Joined, Left, Returned, Dropped)
BETWEEN_TWO: Final = (Followed, Unfollowed, Blocked, Unblocked)


class Concern(msgspec.Struct):
    """Whom some events may concern.

    ``viewers`` themselves; the followers of ``people``; those in whose tray or inbox one of
    ``rooms`` stands, and the followers of who is on its stage; ``counted`` are rooms in which
    there are more or fewer people now.
    """

    position: int = 0
    viewers: set[UUID] = set()
    people: set[UUID] = set()
    rooms: set[UUID] = set()
    counted: set[UUID] = set()
    follows: list[Followed | Unfollowed] = []

    def __bool__(self) -> bool:
        """Whether they concern anybody."""
        return bool(self.viewers or self.people or self.rooms or self.counted)

    def add(self, other: "Concern") -> None:
        """Let both be one."""
        self.position = max(self.position, other.position)
        self.viewers |= other.viewers
        self.people |= other.people
        self.rooms |= other.rooms
        self.counted |= other.counted


def concern_of(batch: Iterable[Recorded]) -> Concern:
    """Return whom a batch of the log may concern."""
    found = Concern()
    for recorded in batch:
        found.position = recorded.position
        _add(found, recorded.room_id, recorded.event)
    return found


def _add(found: Concern, room_id: UUID | None, happened: DomainEvent) -> None:
    if isinstance(happened, BETWEEN_TWO):
        found.viewers |= _both(happened)
        if isinstance(happened, Followed | Unfollowed):
            found.follows.append(happened)
    elif isinstance(happened, ProfileChanged | NameChosen):
        found.people.add(happened.originator_id)
    elif room_id is not None:
        _add_of_room(found, room_id, happened)


def _add_of_room(found: Concern, room_id: UUID, happened: DomainEvent) -> None:
    if isinstance(happened, OF_THE_STAGE):
        found.people.add(happened.account_id)
        found.viewers.add(happened.account_id)  # a seat lets in
    elif isinstance(happened, OF_THE_ROOM):
        found.rooms.add(room_id)
        if isinstance(happened, HostHandedOver):
            found.people |= {happened.account_id, happened.former_host_id}
    elif isinstance(happened, FollowersInvited) and happened.by is not None:
        found.people.add(happened.by)
    elif isinstance(happened, ParticipationEvent):
        found.viewers.add(happened.account_id)
        if isinstance(happened, COMING_AND_GOING):
            found.counted.add(room_id)


def _both(happened: Followed | Unfollowed | Blocked | Unblocked) -> set[UUID]:
    if isinstance(happened, Followed | Unfollowed):
        return {happened.follower_id}
    return {happened.blocker_id, happened.blocked_id}
