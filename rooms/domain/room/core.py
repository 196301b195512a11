"""What every part of a room knows: its state, and who may ask at all."""

from datetime import datetime
from uuid import UUID

from rooms.domain.errors import (
    HostOnly,
    HostStays,
    LeadersOnly,
    NotOnStage,
    RoomIsOver,
    RoomNotFound,
    RoomNotLive,
)
from rooms.domain.words import (
    LEADERS,
    AudiencePolicy,
    Pin,
    Role,
    RoomState,
    Seat,
    SeatPolicy,
    SpeakPolicy,
)
from spaces_project.kernel.entity import Entity


class RoomCore(Entity):
    """The state that the parts of a room share, and the rules that they all ask about.

    ``cohosts`` are in the order of their appointment, which decides who succeeds the host;
    ``seats`` in the order of sitting down.
    """

    creator_id: UUID
    host_id: UUID
    title: str
    description: str
    topic_ids: list[str]
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy
    seat_policy: SeatPolicy
    created_at: datetime
    updated_at: datetime

    def __init__(self, entity_id: UUID) -> None:
        super().__init__(entity_id)
        self.state: RoomState | None = None
        self.seats: dict[UUID, Seat] = {}
        self.cohosts: list[UUID] = []
        self.pins: dict[UUID, Pin] = {}
        self.followers_invited = False
        self.started_at: datetime | None = None
        self.ending_at: datetime | None = None
        self.ended_at: datetime | None = None

    def must_be_live(self) -> None:
        """Refuse before the start and after the end."""
        self.must_not_be_over()
        if self.state is not RoomState.LIVE:
            raise RoomNotLive

    def must_not_be_over(self) -> None:
        """Refuse for a room that has ended, or never was."""
        if self.state is None:
            raise RoomNotFound
        if self.state is RoomState.ENDED:
            raise RoomIsOver

    def must_lead(self, account_id: UUID) -> None:
        """Refuse whoever is neither host nor co-host."""
        seat = self.seats.get(account_id)
        if seat is None or seat.role not in LEADERS:
            raise LeadersOnly

    def must_be_hosted_by(self, account_id: UUID) -> None:
        """Refuse whoever is not the host of a room that is not over."""
        self.must_not_be_over()
        self._must_host(account_id)

    def must_not_host(self, account_id: UUID) -> None:
        """Refuse to do to the host what is done to others."""
        if account_id == self.host_id:
            raise HostStays

    def must_be_below(self, account_id: UUID, by: UUID) -> None:
        """Refuse to move the host at all, and a co-host by anyone but the host and oneself."""
        self.must_not_host(account_id)
        if account_id in self.cohosts and by not in (self.host_id, account_id):
            raise HostOnly

    def _must_host(self, account_id: UUID) -> None:
        if account_id != self.host_id:
            raise HostOnly

    def _seat(self, account_id: UUID) -> Seat:
        seat = self.seats.get(account_id)
        if seat is None:
            raise NotOnStage
        return seat

    # Consequences that several events have.

    def _give_role(self, account_id: UUID, role: Role) -> None:
        seat = self.seats[account_id]
        self.seats[account_id] = Seat(role, seat.muted, seat.muted_by)

    def _leave_seat(self, account_id: UUID) -> None:
        del self.seats[account_id]
        self._is_no_cohost(account_id)

    def _is_no_cohost(self, account_id: UUID) -> None:
        if account_id in self.cohosts:
            self.cohosts.remove(account_id)
