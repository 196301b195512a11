"""Which sockets ask at a room's door again, after an event that may have shut it for them.

What a host and somebody else have to do with each other happens outside of all rooms.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from accounts import queries as accounts
from accounts.events import Blocked, Unfollowed
from rooms.channel import RoomChannel
from rooms.domain.events import (
    HostHandedOver,
    InvitationDeclined,
    Left,
    ParticipationEvent,
    PoliciesChanged,
    SpeakInvitationCancelled,
    SpeakInvitationDeclined,
    SpeakInvitationExpired,
    Uninvited,
    Unseated,
)
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.sockets.connection import SocketConnection

# What a socket hears whose owner the policy does not let in.
NOT_FOR_YOU: Final = {
    AudiencePolicy.PUBLIC: "this room is not for you",
    AudiencePolicy.FOLLOWERS: "this room is for the host's followers",
    AudiencePolicy.INVITED: "this room is for invited people",
    AudiencePolicy.TICKET: "this room is for ticket holders",
}
FOR_ALL: Final = (PoliciesChanged, HostHandedOver)
FOR_ONE: Final = (
    Left,
    Unseated,  # a seat that was kept let its holder look in, too
    Uninvited,
    InvitationDeclined,
    SpeakInvitationCancelled,
    SpeakInvitationDeclined,
    SpeakInvitationExpired,
)


def who_asks_again(
    news: Iterable[DomainEvent], connections: Iterable[SocketConnection]
) -> list[SocketConnection]:
    """Return the sockets for which the door may be shut now.

    Whoever is inside may stay when the audience narrows, and loses that by leaving.
    """
    concerned: set[UUID] = set()
    for happened in news:
        if isinstance(happened, FOR_ALL):
            return list(connections)
        if isinstance(happened, FOR_ONE):
            assert isinstance(happened, ParticipationEvent)
            concerned.add(happened.account_id)
    return [each for each in connections if each.account_id in concerned] if concerned else []


def whom_it_shuts_out(
    happened: Blocked | Unfollowed, channels: Iterable[RoomChannel]
) -> Iterator[tuple[RoomChannel, list[SocketConnection]]]:
    """Yield the rooms that a relation counts in, each with the sockets of whom it may shut out.

    Whom the host has blocked, in all rooms; who follows the host no more, where that is asked for.
    """
    if isinstance(happened, Blocked):
        host_id, other_id = happened.blocker_id, happened.blocked_id
    else:
        host_id, other_id = happened.followee_id, happened.follower_id
    for channel in list(channels):
        stage = channel.stage
        asks = isinstance(happened, Blocked) or stage.audience_policy is AudiencePolicy.FOLLOWERS
        found = [each for each in channel.connections if each.account_id == other_id]
        if stage.host_id == host_id and asks and found:
            yield channel, found


def blocked_by(host_id: UUID) -> set[UUID]:
    """Return whom somebody has blocked."""
    return set(accounts.blocked_by(host_id).values_list("blocked_id", flat=True))
