"""What can happen to one person in a room, or be done by this person there."""

from datetime import datetime
from uuid import UUID

from spaces_project.kernel.entity import DomainEvent


class ParticipationEvent(DomainEvent, frozen=True):
    """Something that one person did in a room, or that was done to this person."""

    NEEDS_OPEN_ROOM = True
    account_id: UUID


class Joined(ParticipationEvent, frozen=True):
    """Someone came in, as a listener."""

    TOPIC = "rooms.Joined"


class Left(ParticipationEvent, frozen=True):
    """Someone went away; a raised hand went down with it, and rests until ``may_ask_from``."""

    TOPIC = "rooms.Left"
    may_ask_from: datetime | None = None


class HandRaised(ParticipationEvent, frozen=True):
    """A listener asked for a seat."""

    TOPIC = "rooms.HandRaised"


class HandLowered(ParticipationEvent, frozen=True):
    """A request for a seat ended without one: withdrawn by its owner, or refused by a leader.

    The person may ask again from ``may_ask_from`` on.
    """

    TOPIC = "rooms.HandLowered"
    may_ask_from: datetime | None = None


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
    carried_over: bool = False  # the host has lifted the block of the account already


class Invited(ParticipationEvent, frozen=True):
    """A leader invited the person; the permission to come in stands until it is taken back."""

    TOPIC = "rooms.Invited"


class Uninvited(ParticipationEvent, frozen=True):
    """A leader took an invitation back."""

    TOPIC = "rooms.Uninvited"


class InvitationDeclined(ParticipationEvent, frozen=True):
    """The person does not wish to come."""

    TOPIC = "rooms.InvitationDeclined"


class InvitedToSpeak(ParticipationEvent, frozen=True):
    """A leader offered the person a seat; the offer is open until ``expires_at``."""

    TOPIC = "rooms.InvitedToSpeak"
    expires_at: datetime


class SpeakInvitationAccepted(ParticipationEvent, frozen=True):
    """The person agreed to speak, to be heard and recorded; the seat comes with it."""

    TOPIC = "rooms.SpeakInvitationAccepted"


class SpeakInvitationDeclined(ParticipationEvent, frozen=True):
    """The person would rather listen."""

    TOPIC = "rooms.SpeakInvitationDeclined"


class SpeakInvitationCancelled(ParticipationEvent, frozen=True):
    """A leader took the offer of a seat back."""

    TOPIC = "rooms.SpeakInvitationCancelled"


class SpeakInvitationExpired(ParticipationEvent, frozen=True):
    """Nobody answered the offer of a seat in time."""

    TOPIC = "rooms.SpeakInvitationExpired"


class Dropped(ParticipationEvent, frozen=True):
    """Somebody with a seat lost the connection, or the host left; the seat is kept for a while."""

    TOPIC = "rooms.Dropped"
    seat_kept_until: datetime


class Returned(ParticipationEvent, frozen=True):
    """Somebody came back, muted, into the seat that was kept."""

    TOPIC = "rooms.Returned"


class RemovalLifted(ParticipationEvent, frozen=True):
    """The host lets somebody who was removed come in again."""

    TOPIC = "rooms.RemovalLifted"


class GuestAdmitted(ParticipationEvent, frozen=True):
    """The person came onto the guest list, for instance with a ticket."""

    TOPIC = "rooms.GuestAdmitted"
