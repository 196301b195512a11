# ruff: noqa: ARG002 - every button is pressed with the same facts
"""What the reference remembers of a room, and what happens to it by itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

STAGE_SIZE = 4
MOST_COHOSTS = 2
MOST_PINS = 2
LONGEST = timedelta(hours=1)
WARNING = timedelta(minutes=15)
CLOCKS_DIFFER = timedelta(seconds=2)


@dataclass
class State:
    """A few sets and lists."""

    host: UUID
    follows: set[tuple[UUID, UUID]]
    state: str = "scheduled"
    audience: str = "public"
    speak: str = "everyone"
    title: str = "Tea"
    pins: int = 0
    followers_told: bool = False
    started_at: datetime | None = None
    empty_since: datetime | None = None
    ending_at: datetime | None = None
    stage: list[UUID] = field(default_factory=list)
    cohosts: list[UUID] = field(default_factory=list)
    open_microphones: set[UUID] = field(default_factory=set)
    closed_by: dict[UUID, UUID | None] = field(default_factory=dict)
    kept_until: dict[UUID, datetime] = field(default_factory=dict)
    dropped_at: dict[UUID, datetime] = field(default_factory=dict)
    inside: list[UUID] = field(default_factory=list)
    line: list[UUID] = field(default_factory=list)
    rests_until: dict[UUID, datetime] = field(default_factory=dict)
    invited: set[UUID] = field(default_factory=set)
    guests: set[UUID] = field(default_factory=set)
    offers: dict[UUID, datetime] = field(default_factory=dict)
    removed: set[UUID] = field(default_factory=set)
    blocked: set[UUID] = field(default_factory=set)
    blocks: set[tuple[UUID, UUID]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stage.append(self.host)
        self.closed_by[self.host] = None

    @property
    def live(self) -> bool:
        return self.state == "live"

    @property
    def out(self) -> set[UUID]:
        """Whoever may not come back."""
        return self.removed | self.blocked

    def leads(self, who: UUID) -> bool:
        return who == self.host or who in self.cohosts

    def stands_above(self, by: UUID, who: UUID) -> bool:
        """Whether a leader may move somebody: nobody moves the host, only the host a co-host."""
        return who != self.host and (by in (self.host, who) or who not in self.cohosts)

    def sees(self, who: UUID) -> bool:
        """Whether the room is there for somebody: not for whom its host has blocked."""
        return (self.host, who) not in self.blocks

    def lets_in(self, who: UUID, at: datetime) -> bool:
        if self.audience == "public" or self.is_offered(who, at):
            return True
        if who in self.inside or who in self.stage or who in self.guests:
            return True
        follows = self.audience == "followers" and (who, self.host) in self.follows
        return follows or (self.audience != "ticket" and who in self.invited)

    def is_offered(self, who: UUID, at: datetime) -> bool:
        return who in self.offers and at < self.offers[who]

    # What several buttons change.

    def come_in(self, who: UUID) -> None:
        self.kept_until.pop(who, None)
        self.dropped_at.pop(who, None)
        self.empty_since = None
        if who not in self.inside:
            self.inside.append(who)

    def go_out(self, who: UUID, at: datetime) -> None:
        if who in self.line:  # going away withdraws the hand
            self.line.remove(who)
            self.rests_until[who] = at + timedelta(minutes=1)
        if who in self.inside:
            self.inside.remove(who)
            if self.live and not self.inside:
                self.empty_since = at

    def keep_seat(self, who: UUID, at: datetime) -> None:
        if who in self.inside:
            self.go_out(who, at)
            self.kept_until[who] = at + timedelta(minutes=2 if who == self.host else 1)
            self.dropped_at[who] = at

    def sit_down(self, who: UUID) -> None:
        if who in self.line:
            self.line.remove(who)
        self.stage.append(who)
        self.closed_by[who] = None

    def stand_up(self, who: UUID) -> None:
        self.stage.remove(who)
        self.open_microphones.discard(who)
        self.kept_until.pop(who, None)
        self.dropped_at.pop(who, None)
        if who in self.cohosts:
            self.cohosts.remove(who)

    def close(self, who: UUID, by: UUID | None) -> None:
        if who in self.open_microphones:
            self.open_microphones.remove(who)
            self.closed_by[who] = by

    def put_out(self, who: UUID, at: datetime) -> None:
        self.offers.pop(who, None)
        if who in self.stage:
            self.stand_up(who)
        self.go_out(who, at)

    def block_here(self, who: UUID, at: datetime) -> None:
        if who not in self.blocked:
            self.blocked.add(who)
            self.put_out(who, at)

    def be_hosted_by(self, who: UUID, at: datetime) -> None:
        self.host = who
        for other in sorted(of for by, of in self.blocks if by == who):
            if other in self.inside or other in self.stage:
                self.block_here(other, at)

    def be_over(self) -> None:
        self.state, self.empty_since = "ended", None
        for everybody in (self.stage, self.line, self.inside, self.cohosts):
            everybody.clear()
        for kept in (self.offers, self.kept_until):
            kept.clear()

    # What happens by itself.

    def do_expire(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.live and who in self.offers and at + CLOCKS_DIFFER >= self.offers[who]:
            del self.offers[who]

    def do_lapse(self, who: UUID, by: UUID, at: datetime) -> None:
        is_due = who in self.kept_until and at + CLOCKS_DIFFER >= self.kept_until[who]
        if self.live and who != self.host and is_due:
            self.stand_up(who)

    def do_succeed(self, who: UUID, by: UUID, at: datetime) -> None:
        heirs = [cohost for cohost in self.cohosts if cohost in self.inside]
        if not (self.live and heirs and self.host not in self.inside):
            return
        assert self.started_at is not None
        kept = self.kept_until.get(self.host, self.started_at + timedelta(minutes=2))
        if at + CLOCKS_DIFFER >= kept:
            self.stand_up(self.host)
            self.cohosts.remove(heirs[0])
            self.be_hosted_by(heirs[0], at)

    def do_end_abandoned(self, who: UUID, by: UUID, at: datetime) -> None:
        goes_on = self.host in self.inside or any(c in self.inside for c in self.cohosts)
        if self.live and not goes_on:
            assert self.started_at is not None
            since = self.dropped_at.get(self.host, self.started_at)
            if at + CLOCKS_DIFFER >= since + timedelta(minutes=10):
                self.be_over()

    def do_end_empty(self, who: UUID, by: UUID, at: datetime) -> None:
        since = self.empty_since
        if self.live and since and at + CLOCKS_DIFFER >= since + timedelta(minutes=5):
            self.be_over()

    def do_announce_end(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.live and self.has_lasted(LONGEST - WARNING, at) and self.ending_at is None:
            assert self.started_at is not None
            self.ending_at = self.started_at + LONGEST

    def do_end_overlong(self, who: UUID, by: UUID, at: datetime) -> None:
        if self.live and self.has_lasted(LONGEST, at):
            self.be_over()

    def has_lasted(self, time: timedelta, at: datetime) -> bool:
        return self.started_at is not None and at + CLOCKS_DIFFER >= self.started_at + time
