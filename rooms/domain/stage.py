"""The stage as the log tells it: one fold that gate, sockets, replay and snapshot share."""

from datetime import datetime
from uuid import UUID

import msgspec

from rooms.domain.events import (
    HandLowered,
    HandRaised,
    Joined,
    Left,
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomStarted,
    Seated,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
)
from rooms.domain.room import LEADERS
from rooms.domain.words import AudiencePolicy, Role, RoomState, Seat, SpeakPolicy
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.mapper import Unreadable


class Card(msgspec.Struct, frozen=True):
    """What the host wrote on the door, and what never changes."""

    host_id: UUID
    title: str
    description: str
    topic_ids: list[str]
    stage_size: int
    created_at: datetime


class Stage(msgspec.Struct, eq=False):
    """The state of one room after the event number ``seq``.

    The fold knows no rules: what is in the log has happened. An event whose payload is gone
    changes nothing but the seq.
    """

    room_id: UUID
    seq: int = 0
    is_whole: bool = True  # until an event comes that cannot be read
    state: RoomState | None = None
    card: Card | None = None
    audience_policy: AudiencePolicy = AudiencePolicy.PUBLIC
    speak_policy: SpeakPolicy = SpeakPolicy.EVERYONE
    started_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    seats: dict[UUID, Seat] = {}
    hands: dict[UUID, datetime] = {}  # in the order of the line
    present: dict[UUID, datetime] = {}  # in the order of coming in
    removed: set[UUID] = set()
    blocked: set[UUID] = set()

    @property
    def host_id(self) -> UUID | None:
        """Who opened the room; None before its first event, or when that is purged."""
        return self.card.host_id if self.card else None

    def leads(self, account_id: UUID) -> bool:
        """Tell whether somebody is host, also after the end, or co-host."""
        seat = self.seats.get(account_id)
        return account_id == self.host_id or (seat is not None and seat.role in LEADERS)

    def is_put_out(self, account_id: UUID) -> bool:
        """Tell whether somebody may not come back: removed from the room, or blocked."""
        return account_id in self.removed or account_id in self.blocked

    def may_be_heard(self, account_id: UUID) -> bool:
        """Tell whether the gate is open for somebody's voice."""
        seat = self.seats.get(account_id)
        is_open = seat is not None and not seat.muted
        return self.state is RoomState.LIVE and is_open and not self.is_put_out(account_id)

    def may_listen(self, account_id: UUID) -> bool:
        """Tell whether somebody may receive the room's audio: inside, and not put out."""
        inside = account_id in self.present or account_id in self.seats
        return self.state is RoomState.LIVE and inside and not self.is_put_out(account_id)

    def apply(self, happened: DomainEvent, seq: int) -> None:
        """Fold one event.

        :raises ValueError: if it is not the next one of this room.
        """
        if seq != self.seq + 1:
            raise ValueError(f"room {self.room_id} is at seq {self.seq}, the event has {seq}")
        self.seq = seq
        self.is_whole = self.is_whole and not isinstance(happened, Unreadable)
        self._fold(happened)

    def _fold(self, happened: DomainEvent) -> None:
        match happened:
            case RoomCreated():
                self._created(happened)
            case RoomStarted(at=at):
                self.state, self.started_at, self.updated_at = RoomState.LIVE, at, at
            case PoliciesChanged(audience_policy=audience, speak_policy=speak, at=at):
                self.audience_policy, self.speak_policy, self.updated_at = audience, speak, at
            case SpeakerPromoted(account_id=account_id):
                self.seats[account_id] = Seat(Role.SPEAKER)
                self.hands.pop(account_id, None)
            case SpeakerDemoted() | SpeakerSteppedDown():
                self.seats.pop(happened.account_id, None)
            case SpeakerMuted(account_id=account_id, by=by):
                self._set_muted(account_id, muted=True, by=by)
            case SpeakerUnmuted(account_id=account_id):
                self._set_muted(account_id, muted=False, by=None)
            case RoomEnded(at=at):
                self.state, self.ended_at, self.updated_at = RoomState.ENDED, at, at
                self.seats.clear()
                self.hands.clear()
                self.present.clear()
            case _:
                self._fold_participation(happened)

    def _fold_participation(self, happened: DomainEvent) -> None:
        match happened:
            case Joined(account_id=account_id, at=at):
                self.present[account_id] = at
            case Left(account_id=account_id):
                self._out(account_id)
            case HandRaised(account_id=account_id, at=at):
                self.hands[account_id] = at
            case HandLowered() | Seated():
                self.hands.pop(happened.account_id, None)
            case ParticipantRemoved(account_id=account_id):
                self.removed.add(account_id)
                self._out(account_id)
            case ParticipantBlocked(account_id=account_id):
                self.blocked.add(account_id)
                self._out(account_id)
            case ParticipantUnblocked(account_id=account_id):
                self.blocked.discard(account_id)

    def _created(self, happened: RoomCreated) -> None:
        self.state = RoomState.SCHEDULED
        self.card = Card(
            happened.host_id,
            happened.title,
            happened.description,
            happened.topic_ids,
            happened.seat_policy.stage_size,
            happened.at,
        )
        self.audience_policy = happened.audience_policy
        self.speak_policy = happened.speak_policy
        self.updated_at = happened.at
        self.seats[happened.host_id] = Seat(Role.HOST)

    def _set_muted(self, account_id: UUID, *, muted: bool, by: UUID | None) -> None:
        if seat := self.seats.get(account_id):
            self.seats[account_id] = Seat(seat.role, muted, by)

    def _out(self, account_id: UUID) -> None:
        self.present.pop(account_id, None)
        self.hands.pop(account_id, None)
