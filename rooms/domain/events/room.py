"""What can happen to the room itself: its life, its card, its policies, its stage."""

from datetime import datetime
from uuid import UUID

from rooms.domain.eligibility import Eligibility
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from spaces_project.kernel.entity import DomainEvent


class RoomEvent(DomainEvent, frozen=True):
    """Something that happened to the room itself."""

    NEEDS_OPEN_ROOM = True


class RoomCreated(RoomEvent, frozen=True):
    """A host opened a room; nobody hears anything yet."""

    TOPIC = "rooms.RoomCreated"
    host_id: UUID
    title: str
    description: str
    topic_ids: list[str]
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy
    seat_policy: SeatPolicy
    eligibility: Eligibility


class RoomStarted(RoomEvent, frozen=True):
    """The room went live."""

    TOPIC = "rooms.RoomStarted"


class PoliciesChanged(RoomEvent, frozen=True):
    """The host changed who may listen, or who may ask to speak."""

    TOPIC = "rooms.PoliciesChanged"
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy


class SpeakerPromoted(RoomEvent, frozen=True):
    """Someone who asked, or was invited, took a seat on the stage, muted."""

    TOPIC = "rooms.SpeakerPromoted"
    account_id: UUID


class SpeakerDemoted(RoomEvent, frozen=True):
    """A leader moved a speaker to the audience."""

    TOPIC = "rooms.SpeakerDemoted"
    account_id: UUID


class SpeakerSteppedDown(RoomEvent, frozen=True):
    """A speaker gave the seat back."""

    TOPIC = "rooms.SpeakerSteppedDown"
    account_id: UUID


class SpeakerMuted(RoomEvent, frozen=True):
    """A microphone was closed, by its owner or by a leader."""

    TOPIC = "rooms.SpeakerMuted"
    account_id: UUID


class SpeakerUnmuted(RoomEvent, frozen=True):
    """A speaker opened his or her own microphone."""

    TOPIC = "rooms.SpeakerUnmuted"
    account_id: UUID


class FollowersInvited(RoomEvent, frozen=True):
    """The host told all followers; at most once for each start."""

    TOPIC = "rooms.FollowersInvited"


class TitleChanged(RoomEvent, frozen=True):
    """The host gave the room another title."""

    TOPIC = "rooms.TitleChanged"
    title: str


class DescriptionChanged(RoomEvent, frozen=True):
    """The host described the room anew."""

    TOPIC = "rooms.DescriptionChanged"
    description: str


class TopicsChanged(RoomEvent, frozen=True):
    """The host chose other topics."""

    TOPIC = "rooms.TopicsChanged"
    topic_ids: list[str]


class CohostAppointed(RoomEvent, frozen=True):
    """The host made a speaker a co-host; the order of appointment decides who succeeds."""

    TOPIC = "rooms.CohostAppointed"
    account_id: UUID


class CohostDismissed(RoomEvent, frozen=True):
    """A co-host is a speaker again; the seat stays."""

    TOPIC = "rooms.CohostDismissed"
    account_id: UUID


class HostHandedOver(RoomEvent, frozen=True):
    """Somebody else on stage hosts from now on.

    ``cause`` is ``handed_over`` (the former host wished it and stays on stage) or ``host_dropped``
    (the former host was away too long and has no seat any more).
    """

    TOPIC = "rooms.HostHandedOver"
    account_id: UUID
    former_host_id: UUID
    cause: str


class Pinned(RoomEvent, frozen=True):
    """A leader pinned a text, perhaps with a link, for everybody to see."""

    TOPIC = "rooms.Pinned"
    pin_id: UUID
    text: str
    url: str | None = None


class Unpinned(RoomEvent, frozen=True):
    """A leader took a pin down."""

    TOPIC = "rooms.Unpinned"
    pin_id: UUID


class AllMuted(RoomEvent, frozen=True):
    """A leader closed all open microphones but those of host and co-hosts."""

    TOPIC = "rooms.AllMuted"
    account_ids: list[UUID]


class SeatLapsed(RoomEvent, frozen=True):
    """A speaker whose connection was lost did not come back in time; the seat is free."""

    TOPIC = "rooms.SeatLapsed"
    account_id: UUID


class EndingSoon(RoomEvent, frozen=True):
    """The room comes to the longest time that a room may last; everybody is warned."""

    TOPIC = "rooms.EndingSoon"
    ends_at: datetime


class RoomEnded(RoomEvent, frozen=True):
    """The room is over.

    ``reason`` is ``host`` (the host's wish), ``empty``, ``host_absent`` or ``longest``.
    """

    TOPIC = "rooms.RoomEnded"
    CLOSES_ROOM = True
    reason: str
