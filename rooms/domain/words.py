"""The room's words: roles, states and policies."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec


class Role(StrEnum):
    """What somebody on stage is."""

    HOST = "host"
    COHOST = "cohost"
    SPEAKER = "speaker"


LEADERS: Final = frozenset({Role.HOST, Role.COHOST})


class RoomState(StrEnum):
    """Where a room is in its life; end states are final."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


class AudiencePolicy(StrEnum):
    """Who may come in and listen."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    INVITED = "invited"
    TICKET = "ticket"  # whoever is on the guest list; a ticketed room never widens


class SpeakPolicy(StrEnum):
    """Who may ask for a seat; the host may bring anyone who is inside onto the stage."""

    EVERYONE = "everyone"
    FOLLOWED_BY_HOST = "followed_by_host"
    INVITED = "invited"


class Seat(msgspec.Struct, frozen=True):
    """A place on stage. It starts muted: a microphone opens only by its owner's own act."""

    role: Role
    muted: bool = True
    muted_by: UUID | None = None


class SeatPolicy(msgspec.Struct, frozen=True):
    """How many fit on stage, and how many of them may be co-hosts."""

    stage_size: int
    most_cohosts: int


class Pin(msgspec.Struct, frozen=True):
    """A text, perhaps with a link, that a leader holds up for everybody."""

    text: str
    url: str | None
    pinned_by: UUID | None
    pinned_at: datetime


class SpeakInvitation(msgspec.Struct, frozen=True):
    """The offer of a seat, as long as nobody has answered it or taken it back."""

    by: UUID | None
    expires_at: datetime
