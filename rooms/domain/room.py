"""The room: its life, its stage and its policies."""

from datetime import datetime
from typing import Final
from uuid import UUID

from rooms.domain.eligibility import Eligibility
from rooms.domain.errors import (
    AlreadyLive,
    AlreadyOnStage,
    FollowersOnly,
    HostOnly,
    HostStays,
    LeadersOnly,
    MayNotAsk,
    NotOnStage,
    OnlyYourself,
    RoomIsOver,
    RoomNotFound,
    RoomNotLive,
    StageIsFull,
    TooManyTopics,
)
from rooms.domain.events import (
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomStarted,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
)
from rooms.domain.texts import clean_text
from rooms.domain.words import (
    AudiencePolicy,
    Role,
    RoomState,
    Seat,
    SeatPolicy,
    SpeakPolicy,
)
from spaces_project.kernel.entity import Entity, when

LONGEST_TITLE: Final = 70
LONGEST_DESCRIPTION: Final = 1000
MOST_TOPICS: Final = 3
LEADERS: Final = frozenset({Role.HOST, Role.COHOST})


class Room(Entity):
    """One conversation, from the moment its host opens it until it ends.

    Whatever order commands arrive in:

    * there are never more people on stage than the seat policy allows;
    * the host has a seat as long as the room is not over;
    * a seat is opened only by the one who sits there;
    * a room that has ended records nothing more.

    Who is inside, and whose hand is up, is told by each person's own
    :class:`~rooms.domain.participation.Participation`, so that joining never contends here.
    """

    TOPIC = "rooms.Room"

    def __init__(self, entity_id: UUID) -> None:
        super().__init__(entity_id)
        self.state: RoomState | None = None
        self.seats: dict[UUID, Seat] = {}

    @property
    def room_id(self) -> UUID:
        """A room's events are counted in its own sequence."""
        return self.id

    # Decisions.

    def create(
        self,
        *,
        title: str,
        description: str,
        topic_ids: list[str],
        audience_policy: AudiencePolicy,
        speak_policy: SpeakPolicy,
        seat_policy: SeatPolicy,
        eligibility: Eligibility,
        by: UUID,
        at: datetime,
    ) -> None:
        """Open the room for a host who is eligible."""
        eligibility.must_suffice()
        if len(topic_ids) > MOST_TOPICS or len(set(topic_ids)) < len(topic_ids):
            raise TooManyTopics(limit=MOST_TOPICS)
        self.record(
            RoomCreated,
            by=by,
            at=at,
            host_id=by,
            title=clean_text("title", title, 1, LONGEST_TITLE, one_line=True),
            description=clean_text("description", description, 0, LONGEST_DESCRIPTION),
            topic_ids=topic_ids,
            audience_policy=audience_policy,
            speak_policy=speak_policy,
            seat_policy=seat_policy,
            eligibility=eligibility,
        )

    def start(self, by: UUID, at: datetime) -> None:
        """Go live."""
        self.must_not_be_over()
        self._must_host(by)
        if self.state is RoomState.LIVE:
            raise AlreadyLive
        self.record(RoomStarted, by=by, at=at)

    def end(self, by: UUID, at: datetime, reason: str = "host") -> None:
        """Close the room for good."""
        self.must_not_be_over()
        self._must_host(by)
        self.record(RoomEnded, by=by, at=at, reason=reason)

    def change_policies(
        self,
        audience_policy: AudiencePolicy | None,
        speak_policy: SpeakPolicy | None,
        by: UUID,
        at: datetime,
    ) -> None:
        """Change who may listen or ask; what is not given stays."""
        self.must_not_be_over()
        self._must_host(by)
        wanted = (audience_policy or self.audience_policy, speak_policy or self.speak_policy)
        if wanted != (self.audience_policy, self.speak_policy):
            audience, speak = wanted
            self.record(PoliciesChanged, by=by, at=at, audience_policy=audience, speak_policy=speak)

    def promote_speaker(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Give a seat to someone who is in the room."""
        self.must_be_live()
        self.must_lead(by)
        if account_id in self.seats:
            raise AlreadyOnStage
        if len(self.seats) >= self.seat_policy.stage_size:
            raise StageIsFull(stage_size=self.seat_policy.stage_size)
        self.record(SpeakerPromoted, by=by, at=at, account_id=account_id)

    def demote_speaker(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Move somebody else to the audience."""
        self.must_be_live()
        self.must_lead(by)
        self._must_be_movable(account_id)
        self.record(SpeakerDemoted, by=by, at=at, account_id=account_id)

    def step_down(self, account_id: UUID, at: datetime) -> None:
        """Give one's own seat back."""
        self.must_be_live()
        self._must_be_movable(account_id)
        self.record(SpeakerSteppedDown, by=account_id, at=at, account_id=account_id)

    def mute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Close a microphone; closing a closed one changes nothing."""
        self.must_be_live()
        if by != account_id:
            self.must_lead(by)
        if not self._seat(account_id).muted:
            self.record(SpeakerMuted, by=by, at=at, account_id=account_id)

    def unmute(self, account_id: UUID, by: UUID, at: datetime) -> None:
        """Open one's own microphone; nobody opens somebody else's."""
        self.must_be_live()
        if by != account_id:
            raise OnlyYourself
        if self._seat(account_id).muted:
            self.record(SpeakerUnmuted, by=by, at=at, account_id=account_id)

    # Rules that others ask about.

    def must_admit(self, account_id: UUID, *, follows_host: bool) -> None:
        """Refuse whoever may not come in."""
        self.must_not_be_over()
        if account_id == self.host_id:
            return
        self.must_be_live()
        if self.audience_policy is AudiencePolicy.FOLLOWERS and not follows_host:
            raise FollowersOnly

    def must_let_ask(self, account_id: UUID, *, followed_by_host: bool) -> None:
        """Refuse whoever may not ask for a seat."""
        self.must_be_live()
        if account_id in self.seats:
            raise AlreadyOnStage
        closed = self.speak_policy is SpeakPolicy.INVITED
        if closed or (self.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST and not followed_by_host):
            raise MayNotAsk(speak_policy=self.speak_policy.value)

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

    def _must_host(self, account_id: UUID) -> None:
        if account_id != self.host_id:
            raise HostOnly

    def _must_be_movable(self, account_id: UUID) -> None:
        self._seat(account_id)
        self.must_not_host(account_id)

    def _seat(self, account_id: UUID) -> Seat:
        seat = self.seats.get(account_id)
        if seat is None:
            raise NotOnStage
        return seat

    # No rules below this line, only consequences: they run again on every replay.

    @when(RoomCreated)
    def _created(self, event: RoomCreated) -> None:
        self.state = RoomState.SCHEDULED
        self.host_id = event.host_id
        self.title = event.title
        self.description = event.description
        self.topic_ids = event.topic_ids
        self.audience_policy = event.audience_policy
        self.speak_policy = event.speak_policy
        self.seat_policy = event.seat_policy
        self.created_at = self.updated_at = event.at
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.seats[event.host_id] = Seat(Role.HOST)

    @when(RoomStarted)
    def _started(self, event: RoomStarted) -> None:
        self.state = RoomState.LIVE
        self.started_at = self.updated_at = event.at

    @when(PoliciesChanged)
    def _policies_changed(self, event: PoliciesChanged) -> None:
        self.audience_policy = event.audience_policy
        self.speak_policy = event.speak_policy
        self.updated_at = event.at

    @when(SpeakerPromoted)
    def _speaker_promoted(self, event: SpeakerPromoted) -> None:
        self.seats[event.account_id] = Seat(Role.SPEAKER)

    @when(SpeakerDemoted)
    def _speaker_demoted(self, event: SpeakerDemoted) -> None:
        del self.seats[event.account_id]

    @when(SpeakerSteppedDown)
    def _speaker_stepped_down(self, event: SpeakerSteppedDown) -> None:
        del self.seats[event.account_id]

    @when(SpeakerMuted)
    def _speaker_muted(self, event: SpeakerMuted) -> None:
        role = self.seats[event.account_id].role
        self.seats[event.account_id] = Seat(role, muted=True, muted_by=event.by)

    @when(SpeakerUnmuted)
    def _speaker_unmuted(self, event: SpeakerUnmuted) -> None:
        role = self.seats[event.account_id].role
        self.seats[event.account_id] = Seat(role, muted=False)

    @when(RoomEnded)
    def _ended(self, event: RoomEnded) -> None:
        self.state = RoomState.ENDED
        self.ended_at = self.updated_at = event.at
        self.seats.clear()
