"""A small domain for the kernel's tests, and what they say often."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

from spaces_project.kernel.commands import command
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.log.event_log import Receipt, Recorded, event_log
from spaces_project.kernel.refusals import Kind, Refusal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAPACITY = 5


class JarIsShut(Refusal):
    """The jar is shut for good."""

    kind, code, title = Kind.CONFLICT, "jar-is-shut", "The jar is shut."


class JarIsFull(Refusal):
    """No more marbles fit in."""

    kind, code, title = Kind.CONFLICT, "jar-is-full", "The jar is full."


class MarbleAdded(DomainEvent, frozen=True):
    """Somebody put a marble into the jar."""

    TOPIC = "tests.MarbleAdded"
    NEEDS_OPEN_ROOM = True
    colour: str


class JarShut(DomainEvent, frozen=True):
    """The jar was shut, and the room around it."""

    TOPIC = "tests.JarShut"
    NEEDS_OPEN_ROOM = True
    CLOSES_ROOM = True


class Jar(Entity):
    """Holds a few marbles until it is shut; stands in a room or nowhere."""

    TOPIC = "tests.Jar"

    def __init__(self, entity_id: UUID, room: UUID | None = None) -> None:
        super().__init__(entity_id)
        self._room = room
        self.colours: list[str] = []
        self.shut = False

    @property
    def room_id(self) -> UUID | None:
        return self._room

    def add(self, colour: str, most: int | None = None) -> None:
        if self.shut:
            raise JarIsShut
        if most is not None and len(self.colours) >= most:
            raise JarIsFull(most=most)
        self.record(MarbleAdded, at=NOON, colour=colour)

    def close(self) -> None:
        if self.shut:
            raise JarIsShut
        self.record(JarShut, at=NOON)

    @when(MarbleAdded)
    def _added(self, event: MarbleAdded) -> None:
        self.colours.append(event.colour)

    @when(JarShut)
    def _shut(self, event: JarShut) -> None:
        del event
        self.shut = True


@command
def add(
    *, jar_id: UUID, colour: str = "red", room: UUID | None = None, most: int | None = None
) -> Receipt:
    """Put a marble into a jar."""
    jar = event_log().fill(Jar(jar_id, room))
    jar.add(colour, most)
    return event_log().append(jar)


@command
def shut(*, jar_id: UUID, room: UUID | None = None) -> Receipt:
    """Shut a jar and its room."""
    jar = event_log().fill(Jar(jar_id, room))
    jar.close()
    return event_log().append(jar)


def stored() -> list[Recorded]:
    """Return the whole log, opened."""
    found: list[Recorded] = []
    while page := event_log().read(found[-1].position if found else 0, 1000):
        found += page
    return found


def at_once(asks: Iterable[Callable[[], object]]) -> list[Any]:
    """Do everything at the same moment, each on a thread; return answers and errors."""
    waiting = list(asks)
    barrier = Barrier(len(waiting))
    answers: list[Any] = [None] * len(waiting)

    def do(place: int) -> None:
        barrier.wait()
        try:
            answers[place] = waiting[place]()
        except Exception as error:  # noqa: BLE001 - the error is the answer
            answers[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=do, args=(place,)) for place in range(len(waiting))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def as_owner(alias: str = "default") -> Iterator[psycopg.Connection]:
    """A connection that may do anything, also what the log forbids."""
    with psycopg.connect(connection_string(alias), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def eventually(condition: Callable[[], object], within_s: float = 15.0) -> bool:
    """Tell whether something becomes true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
