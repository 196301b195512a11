"""Boxes to decide about, in one process or another, and what each decision must come to."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from spaces_project.kernel import commands
from spaces_project.kernel.commands import command
from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import EventLog, Receipt
from spaces_project.kernel.log.wish import expecting_version, idempotent
from spaces_project.kernel.refusals import Kind, Refusal, VersionMismatch
from tests.kernel.jars import NOON

MOST = 3
BOXES = 3


class BoxIsFull(Refusal):
    """Nothing more fits in."""

    kind, code, title = Kind.CONFLICT, "box-is-full", "The box is full."


class BoxIsEmpty(Refusal):
    """There is nothing to take."""

    kind, code, title = Kind.CONFLICT, "box-is-empty", "The box is empty."


class BoxIsLocked(Refusal):
    """Nobody gets at what is in it."""

    kind, code, title = Kind.CONFLICT, "box-is-locked", "The box is locked."


class ThingPut(DomainEvent, frozen=True):
    """Something was put into the box, a copy of what is in another one perhaps."""

    TOPIC = "tests.ThingPut"
    copied_from: UUID | None = None


class ThingTaken(DomainEvent, frozen=True):
    """Something was taken out of the box."""

    TOPIC = "tests.ThingTaken"


class BoxLocked(DomainEvent, frozen=True):
    """The box was locked."""

    TOPIC = "tests.BoxLocked"


class BoxUnlocked(DomainEvent, frozen=True):
    """The box was unlocked."""

    TOPIC = "tests.BoxUnlocked"


class Box(Entity):
    """Holds up to three things, as long as it is not locked."""

    TOPIC = "tests.Box"

    def __init__(self, entity_id: UUID, room: UUID | None = None) -> None:
        super().__init__(entity_id)
        self._room = room
        self.things = 0
        self.locked = False

    @property
    def room_id(self) -> UUID | None:
        return self._room

    def put(self, copied_from: "Box | None" = None) -> None:
        """Put something in."""
        self.must_be_unlocked()
        if self.things == MOST:
            raise BoxIsFull
        self.record(ThingPut, at=NOON, copied_from=copied_from.id if copied_from else None)

    def take(self) -> None:
        """Take something out."""
        self.must_be_unlocked()
        self.must_hold_something()
        self.record(ThingTaken, at=NOON)

    def set_locked(self, locked: bool) -> None:
        """Lock or unlock; nothing happens if it is so already."""
        if self.locked != locked:
            self.record(BoxLocked if locked else BoxUnlocked, at=NOON)

    def must_be_unlocked(self) -> None:
        if self.locked:
            raise BoxIsLocked

    def must_hold_something(self) -> None:
        if not self.things:
            raise BoxIsEmpty

    @when(ThingPut)
    def _put(self, event: ThingPut) -> None:
        del event
        self.things += 1

    @when(ThingTaken)
    def _taken(self, event: ThingTaken) -> None:
        del event
        self.things -= 1

    @when(BoxLocked)
    def _locked(self, event: BoxLocked) -> None:
        del event
        self.locked = True

    @when(BoxUnlocked)
    def _unlocked(self, event: BoxUnlocked) -> None:
        del event
        self.locked = False


@command
def press(*, button: str, box: UUID, other: UUID, room: UUID, log: EventLog) -> Receipt:
    """Do one thing to a box; copying looks into another one and leaves it as it is."""
    subject = log.fill(Box(box, room))
    match button:
        case "put":
            subject.put()
        case "take":
            subject.take()
        case "copy":
            source = log.fill(Box(other, room))
            source.must_be_unlocked()
            source.must_hold_something()
            subject.put(source)
        case _:
            subject.set_locked(button == "lock")
    return log.append(subject)


BUTTONS = ("put", "put", "take", "copy", "copy", "lock", "unlock", "unlock")


@contextmanager
def two_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], EventLog]]:
    """Two logs as two processes have them; calling chooses the one whose turn it is."""
    logs = (EventLog(), EventLog())

    def turn(number: int) -> EventLog:
        monkeypatch.setattr(commands, "event_log", lambda: logs[number])
        return logs[number]

    try:
        yield turn
    finally:
        for log in logs:
            log.close()


@dataclass
class Reference:
    """What the boxes hold, by one who always looks: every answer must be as if decided here."""

    room: UUID = field(default_factory=new_id)
    boxes: list[UUID] = field(default_factory=lambda: [new_id() for _ in range(BOXES)])

    def __post_init__(self) -> None:
        self.known = {box: Box(box, self.room) for box in self.boxes}

    def expect(
        self, button: str, box: UUID, other: UUID, version: int | None
    ) -> int | type[Refusal]:
        """Return the version that a decision must leave the box at, or the reason to say no."""
        subject, source = self.known[box], self.known[other]
        before = subject.version
        try:
            if button in ("put", "copy", "take"):
                if button == "copy":
                    source.must_be_unlocked()
                    source.must_hold_something()
                trial = subject.copy()
                trial.take() if button == "take" else trial.put()
            if version is not None and version != before:
                return VersionMismatch
        except Refusal as refusal:
            return type(refusal)
        if button in ("put", "copy"):
            subject.put()
        elif button == "take":
            subject.take()
        else:
            subject.set_locked(button == "lock")
        return subject.version


def interleave(seed: int, steps: int, turn: Callable[[int], EventLog]) -> int:
    """Press buttons in two processes, one after the other; return how often they said no.

    :raises AssertionError: if an answer is another than the one on the newest state.
    """
    chance = random.Random(seed)
    reference, refused = Reference(), 0
    for step in range(steps):
        log = turn(chance.randrange(2))
        button, box = chance.choice(BUTTONS), chance.choice(reference.boxes)
        other = chance.choice([each for each in reference.boxes if each != box])
        if_match = None
        if chance.random() < 0.2:
            if_match = reference.known[box].version - chance.randrange(2)
        expected = reference.expect(button, box, other, if_match)
        keyed = chance.random() < 0.2
        for _ in range(1 + (keyed and isinstance(expected, int))):  # whoever has a key asks twice
            key = f"{seed} {step}"
            with idempotent("ana", key, b"{}") if keyed else nullcontext():
                answer = _answer(button, box, other, reference.room, log, if_match)
            assert answer == expected, f"seed {seed}, step {step}: {button}, {answer}, {expected}"
            refused += not isinstance(answer, int)
            log = turn(chance.randrange(2))
    for number in range(2):
        log = turn(number)
        for box, known in reference.known.items():
            assert vars(log.fill(Box(box, reference.room))) == vars(known) | {"pending_events": []}
    return refused


def _answer(
    button: str, box: UUID, other: UUID, room: UUID, log: EventLog, if_match: int | None
) -> int | type[Refusal]:
    try:
        with expecting_version(if_match):
            return press(button=button, box=box, other=other, room=room, log=log).version
    except Refusal as refusal:
        return type(refusal)
