"""What can happen in a room. Names are for staff to say aloud; topics never change once shipped."""

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


class RoomEnded(RoomEvent, frozen=True):
    """The room is over."""

    TOPIC = "rooms.RoomEnded"
    CLOSES_ROOM = True
    reason: str


class ParticipationEvent(DomainEvent, frozen=True):
    """Something that one person did in a room, or that was done to this person."""

    NEEDS_OPEN_ROOM = True
    account_id: UUID


class Joined(ParticipationEvent, frozen=True):
    """Someone came in, as a listener."""

    TOPIC = "rooms.Joined"


class Left(ParticipationEvent, frozen=True):
    """Someone went away."""

    TOPIC = "rooms.Left"


class HandRaised(ParticipationEvent, frozen=True):
    """A listener asked for a seat."""

    TOPIC = "rooms.HandRaised"


class HandLowered(ParticipationEvent, frozen=True):
    """A request for a seat ended without one: withdrawn by its owner, or refused by a leader."""

    TOPIC = "rooms.HandLowered"


class Seated(ParticipationEvent, frozen=True):
    """The person moved to the stage; a raised hand is answered by it."""

    TOPIC = "rooms.Seated"


class Unseated(ParticipationEvent, frozen=True):
    """The person moved back to the audience."""

    TOPIC = "rooms.Unseated"


class ParticipantRemoved(ParticipationEvent, frozen=True):
    """A leader put someone out of the room for good."""

    TOPIC = "rooms.ParticipantRemoved"
    reason: str = ""


class ParticipantBlocked(ParticipationEvent, frozen=True):
    """The host put someone out of all of the host's rooms."""

    TOPIC = "rooms.ParticipantBlocked"
    carried_over: bool = False  # the host had blocked the account elsewhere before


class ParticipantUnblocked(ParticipationEvent, frozen=True):
    """The host took a block back; the person may come in again."""

    TOPIC = "rooms.ParticipantUnblocked"
