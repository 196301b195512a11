"""The life of a room: opened, started, ended, by its host or by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from rooms.domain.eligibility import Eligibility
from rooms.domain.errors import AlreadyLive
from rooms.domain.events import EndingSoon, RoomCreated, RoomEnded, RoomStarted
from rooms.domain.room.card import clean_description, clean_title, clean_topics
from rooms.domain.room.core import RoomCore
from rooms.domain.rules import DEFAULTS, Rules
from rooms.domain.words import AudiencePolicy, Role, RoomState, Seat, SeatPolicy, SpeakPolicy
from spaces_project.kernel.entity import when


class Life(RoomCore):
    """Where a room is in its life."""

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
        rules: Rules = DEFAULTS,
    ) -> None:
        """Open the room for a host who is eligible."""
        eligibility.must_suffice()
        self.record(
            RoomCreated,
            by=by,
            at=at,
            host_id=by,
            topic_ids=clean_topics(topic_ids, rules),
            title=clean_title(title, rules),
            description=clean_description(description, rules),
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

    def end_by_itself(self, reason: str, at: datetime) -> None:
        """Close a room that nobody needs, nobody hosts, or that lasts too long."""
        self.must_be_live()
        self.record(RoomEnded, by=None, at=at, reason=reason)

    def announce_end(self, ends_at: datetime, at: datetime) -> None:
        """Warn everybody, once, that the longest time is nearly over."""
        self.must_be_live()
        if self.ending_at is None:
            self.record(EndingSoon, by=None, at=at, ends_at=ends_at)

    def longest_until(self, rules: Rules) -> datetime | None:
        """Return when the room has lasted as long as a room may; None before it starts."""
        if self.started_at is None:
            return None
        return self.started_at + timedelta(seconds=rules.longest_room_s)

    # No rules below this line, only consequences: they run again on every replay.

    @when(RoomCreated)
    def _created(self, event: RoomCreated) -> None:
        self.state = RoomState.SCHEDULED
        self.creator_id = self.host_id = event.host_id
        self.title = event.title
        self.description = event.description
        self.topic_ids = event.topic_ids
        self.audience_policy = event.audience_policy
        self.speak_policy = event.speak_policy
        self.seat_policy = event.seat_policy
        self.created_at = self.updated_at = event.at
        self.seats[event.host_id] = Seat(Role.HOST)

    @when(RoomStarted)
    def _started(self, event: RoomStarted) -> None:
        self.state = RoomState.LIVE
        self.started_at = self.updated_at = event.at

    @when(EndingSoon)
    def _ending_soon(self, event: EndingSoon) -> None:
        self.ending_at = event.ends_at

    @when(RoomEnded)
    def _ended(self, event: RoomEnded) -> None:
        self.state = RoomState.ENDED
        self.ended_at = self.updated_at = event.at
        self.seats.clear()
        self.cohosts.clear()
