# ruff: noqa: ARG002 - every button is pressed with the same facts
"""The rules of a room once more, from the rules' page and not from the code: a few sets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID


@dataclass
class Reference:
    """What a room should be after some buttons were pressed.

    Every ``may_…`` says whether the button is answered with yes; ``do_…`` is what it changes.
    """

    host: UUID
    stage_size: int
    follows: set[tuple[UUID, UUID]]
    state: str = "scheduled"
    doors_open: bool = True
    open_microphones: set[UUID] = field(default_factory=set)
    closed_by: dict[UUID, UUID | None] = field(default_factory=dict)
    stage: list[UUID] = field(default_factory=list)
    inside: list[UUID] = field(default_factory=list)
    line: list[UUID] = field(default_factory=list)
    removed: set[UUID] = field(default_factory=set)
    blocked: set[UUID] = field(default_factory=set)
    rests_until: dict[UUID, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage.append(self.host)
        self.closed_by[self.host] = None

    @property
    def out(self) -> set[UUID]:
        """Whoever may not come back."""
        return self.removed | self.blocked

    def press(self, button: str, who: UUID, by: UUID, at: datetime) -> bool:
        """Press a button; return whether the answer is yes."""
        if self.state == "ended" or not getattr(self, f"may_{button}")(who, by, at):
            return False
        getattr(self, f"do_{button}")(who, by, at)
        return True

    def may_start(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and self.state == "scheduled"

    def do_start(self, who: UUID, by: UUID, at: datetime) -> None:
        self.state = "live"

    def may_end(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host

    def do_end(self, who: UUID, by: UUID, at: datetime) -> None:
        self.state = "ended"
        for everybody in (self.stage, self.line, self.inside):
            everybody.clear()

    may_close_doors = may_open_doors = may_end

    def do_close_doors(self, who: UUID, by: UUID, at: datetime) -> None:
        self.doors_open = False

    def do_open_doors(self, who: UUID, by: UUID, at: datetime) -> None:
        self.doors_open = True

    def may_join(self, who: UUID, by: UUID, at: datetime) -> bool:
        if who == self.host:
            return True
        inside = who in self.inside or who in self.stage
        welcome = self.doors_open or inside or (who, self.host) in self.follows
        return self.state == "live" and welcome and who not in self.out

    def do_join(self, who: UUID, by: UUID, at: datetime) -> None:
        if who not in self.inside:
            self.inside.append(who)

    def may_leave(self, who: UUID, by: UUID, at: datetime) -> bool:
        return True

    def do_leave(self, who: UUID, by: UUID, at: datetime) -> None:
        if who == self.host:
            self._close(who, who)
        self._away(who, at)

    def may_raise_hand(self, who: UUID, by: UUID, at: datetime) -> bool:
        heard = self.doors_open or (self.host, who) in self.follows
        waits = who in self.line or at < self.rests_until.get(who, at)
        listens = who in self.inside and who not in self.stage
        return self.state == "live" and listens and heard and not waits

    def do_raise_hand(self, who: UUID, by: UUID, at: datetime) -> None:
        self.line.append(who)

    def may_lower_hand(self, who: UUID, by: UUID, at: datetime) -> bool:
        return who in self.line and by in (who, self.host)

    def do_lower_hand(self, who: UUID, by: UUID, at: datetime) -> None:
        self.line.remove(who)
        self.rests_until[who] = at + timedelta(minutes=1 if by == who else 5)

    def may_promote(self, who: UUID, by: UUID, at: datetime) -> bool:
        fits = len(self.stage) < self.stage_size
        listens = who in self.inside and who not in self.stage
        return self.state == "live" and by == self.host and fits and listens

    def do_promote(self, who: UUID, by: UUID, at: datetime) -> None:
        if who in self.line:
            self.line.remove(who)
        self.stage.append(who)
        self.closed_by[who] = None

    def may_demote(self, who: UUID, by: UUID, at: datetime) -> bool:
        moves = who in self.stage and who != self.host
        return self.state == "live" and moves and by in (who, self.host)

    def do_demote(self, who: UUID, by: UUID, at: datetime) -> None:
        self._off_stage(who)

    def may_mute(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.state == "live" and who in self.stage and by in (who, self.host)

    def do_mute(self, who: UUID, by: UUID, at: datetime) -> None:
        self._close(who, by)

    def may_unmute(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.state == "live" and who in self.stage and by == who

    def do_unmute(self, who: UUID, by: UUID, at: datetime) -> None:
        self.open_microphones.add(who)

    def may_remove(self, who: UUID, by: UUID, at: datetime) -> bool:
        return self.state == "live" and by == self.host and who != self.host

    def do_remove(self, who: UUID, by: UUID, at: datetime) -> None:
        self.removed.add(who)
        self._away(who, at)

    def may_block(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host and who != self.host

    def do_block(self, who: UUID, by: UUID, at: datetime) -> None:
        self.blocked.add(who)
        self._away(who, at)

    def may_unblock(self, who: UUID, by: UUID, at: datetime) -> bool:
        return by == self.host

    def do_unblock(self, who: UUID, by: UUID, at: datetime) -> None:
        self.blocked.discard(who)

    def _close(self, who: UUID, by: UUID) -> None:
        if who in self.open_microphones:
            self.open_microphones.remove(who)
            self.closed_by[who] = by

    def _off_stage(self, who: UUID) -> None:
        self.stage.remove(who)
        self.open_microphones.discard(who)

    def _away(self, who: UUID, at: datetime) -> None:
        if who in self.line:  # going away withdraws the hand
            self.rests_until[who] = at + timedelta(minutes=1)
        for everybody in (self.inside, self.line):
            if who in everybody:
                everybody.remove(who)
        if who in self.stage and who != self.host:
            self._off_stage(who)
