"""What other servers are told of rooms, and whose it is to hear."""

from collections.abc import Sequence
from typing import Any, Final

from rooms.announcements import announce, people_named
from rooms.domain import events
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.webhooks.sources import Source

TYPES: Final[dict[type[DomainEvent], str]] = {
    events.RoomCreated: "room.created",
    events.RoomStarted: "room.started",
    events.RoomEnded: "room.ended",
    events.Joined: "participant.joined",
    events.Returned: "participant.joined",
    events.Left: "participant.left",
    events.Dropped: "participant.left",
    events.ParticipantRemoved: "participant.removed",
    events.ParticipantBlocked: "participant.removed",
    events.SpeakerPromoted: "speaker.promoted",
    events.SpeakerDemoted: "speaker.demoted",
    events.SpeakerSteppedDown: "speaker.demoted",
    events.SeatLapsed: "speaker.demoted",
}
# The present host hears the room; with it goes what its server is told.
OWNERS: Final[dict[type[DomainEvent], Any]] = {
    events.RoomCreated: lambda happened: happened.host_id,
    events.HostHandedOver: lambda happened: happened.account_id,
}


def data(batch: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Return the words of events: the room, who did it, and what its host hears over a socket."""
    names = people_named(batch)
    told = [announce(recorded, names).full for recorded in batch]
    return [
        {"room_id": public("room", room_id), "actor": words["actor"], **words["data"]}
        for recorded, words in zip(batch, told, strict=True)
        if (room_id := recorded.room_id) is not None
    ]


WEBHOOKS: Final = Source(TYPES, data, OWNERS)
