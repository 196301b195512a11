"""What the stage of a room remembers, and the questions that everybody asks about it."""

from datetime import datetime
from uuid import UUID

import msgspec

from rooms.domain.admission import Pass, refusal_to_admit
from rooms.domain.words import (
    LEADERS,
    AudiencePolicy,
    Pin,
    RoomState,
    Seat,
    SpeakInvitation,
    SpeakPolicy,
)


class Card(msgspec.Struct, frozen=True):
    """What stands on the door: who hosts now, and what the room is about."""

    host_id: UUID
    title: str
    description: str
    topic_ids: list[str]
    stage_size: int
    created_at: datetime


class StageState(msgspec.Struct, eq=False):
    """The state of one room after the event number ``seq``.

    What costs grows only with what is in it: a dict keeps its order and forgets in one step, so
    that an event costs the same whether ten or 100,000 people are inside.
    """

    room_id: UUID
    seq: int = 0
    is_whole: bool = True  # until an event comes that cannot be read
    state: RoomState | None = None
    card: Card | None = None
    creator_id: UUID | None = None
    audience_policy: AudiencePolicy = AudiencePolicy.PUBLIC
    speak_policy: SpeakPolicy = SpeakPolicy.EVERYONE
    started_at: datetime | None = None
    ending_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    empty_since: datetime | None = None  # None while anybody is inside, and before the start
    followers_invited: bool = False
    seats: dict[UUID, Seat] = {}
    kept_until: dict[UUID, datetime] = {}  # seats whose holder has dropped out
    cohost_ids: list[UUID] = []  # in the order of their appointment
    pins: dict[UUID, Pin] = {}
    hands: dict[UUID, datetime] = {}  # in the order of the line
    may_ask_from: dict[UUID, datetime] = {}
    present: dict[UUID, datetime] = {}  # in the order of coming in
    invited: set[UUID] = set()
    guests: set[UUID] = set()
    speak_invitations: dict[UUID, SpeakInvitation] = {}
    removed: set[UUID] = set()
    blocked: set[UUID] = set()

    @property
    def host_id(self) -> UUID | None:
        """Who hosts now; None before the room's first event, or when that is purged."""
        return self.card.host_id if self.card else None

    def leads(self, account_id: UUID) -> bool:
        """Tell whether somebody is host, also after the end, or co-host."""
        seat = self.seats.get(account_id)
        return account_id == self.host_id or (seat is not None and seat.role in LEADERS)

    def is_away(self, account_id: UUID) -> bool:
        """Tell whether somebody has a seat and is not there."""
        return account_id in self.seats and account_id not in self.present

    def is_put_out(self, account_id: UUID) -> bool:
        """Tell whether somebody may not come back: removed from the room, or blocked."""
        return account_id in self.removed or account_id in self.blocked

    def may_be_heard(self, account_id: UUID) -> bool:
        """Tell whether the gate is open for somebody's voice."""
        seat = self.seats.get(account_id)
        is_open = seat is not None and not seat.muted
        return is_open and self.may_listen(account_id)

    def may_listen(self, account_id: UUID) -> bool:
        """Tell whether somebody may receive the room's audio: inside, and not put out.

        Somebody who dropped out of a seat is not inside while it is kept.
        """
        on_stage = account_id in self.seats and account_id not in self.kept_until
        inside = on_stage or account_id in self.present
        return self.state is RoomState.LIVE and inside and not self.is_put_out(account_id)

    def admits(self, account_id: UUID, *, follows_host: bool, at: datetime) -> bool:
        """Tell whether somebody may come into the live room, or is inside and may stay."""
        if self.is_put_out(account_id):
            return False
        shown = self.pass_of(account_id, at)
        return (
            refusal_to_admit(self.audience_policy, follows_host=follows_host, shown=shown) is None
        )

    def pass_of(self, account_id: UUID, at: datetime) -> Pass:
        """Return what somebody can show at the door."""
        is_inside = account_id in self.present or account_id in self.seats
        shown = Pass.INSIDE if is_inside else Pass.NONE
        if account_id in self.invited:
            shown |= Pass.INVITED
        if account_id in self.guests:
            shown |= Pass.GUEST
        offer = self.speak_invitations.get(account_id)
        if offer is not None and at < offer.expires_at:
            shown |= Pass.INVITED_TO_SPEAK
        return shown
