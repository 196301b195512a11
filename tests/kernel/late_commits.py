"""Transactions that commit late, in an order that a seed chooses, while somebody reads.

Everything happens on one thread: whenever the reader asks the database something, some writers
take a step first. So a commit can fall between any two questions, and the same seed finds the same
order again.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import horizon
from spaces_project.kernel.log.appends import CALL, Answer, Append, as_arguments
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.horizon import Horizon, Rows
from tests.kernel.jars import as_owner

WRITERS = 3
BEGIN_AT_HEAD = 0.5
TOPIC = "tests.MarbleAdded"
PAGE = "SELECT notification_id FROM log_events WHERE notification_id > %b ORDER BY 1 LIMIT %b"


class ReadsOn(Horizon):
    """Reads on over every hole."""

    def read(self, query: str, position: int, limit: int) -> Rows:
        """Read what is there."""
        return self._fetch(query, (position, limit))


class DoesNotReadAgain(Horizon):
    """Waits at a hole, and goes on with the page that it had read before."""

    def read(self, query: str, position: int, limit: int) -> Rows:
        """Read without what was committed while it waited."""
        page = self._fetch(query, (position, limit))
        if page:
            self._settle(page[-1][0], patience_s=60)
        return page


class BeginsAtTheNewest(Horizon):
    """Begins to read behind what may still be filled."""

    def head(self) -> int:
        """Return the newest position, though earlier ones are open."""
        return self.newest()


class Interleaving:
    """A few transactions, a reader, and the order in which they take their steps."""

    def __init__(self, seed: str, connections: Sequence[psycopg.Connection]) -> None:
        self._chance = random.Random(seed)
        self._writers = [self._transaction(connection) for connection in connections]

    def missed(self, kind: type[Horizon] = Horizon) -> set[int]:
        """Let them go; return the positions that the reader should have seen and did not.

        Half of the readers begin at the head of the log, wherever that is by then. They have seen
        what could be seen at that moment, and must be told of all the rest.

        :raises AssertionError: if one was seen twice, out of order, or is not there.
        """
        before = event_log().recorder.newest()
        found = kind(self._fetch)
        found._advance(before)
        start, known = before, set[int]()
        self._step_some()
        if self._chance.random() < BEGIN_AT_HEAD:
            start = found.head()
            known = {p for p in positions_after(before) if p <= start}
        seen: list[int] = []
        while self._writers:
            self._step_some()
            seen += self._read(found, seen[-1] if seen else start, self._chance.randint(1, 5))
        while page := self._read(found, seen[-1] if seen else start, 100):
            seen += page
        stored = set(positions_after(before))
        assert seen == sorted(set(seen))
        assert set(seen) <= stored
        return stored - known - set(seen)

    def _read(self, found: Horizon, position: int, limit: int) -> list[int]:
        return [row[0] for row in found.read(PAGE, position, limit)]

    def _fetch(self, query: str, arguments: Sequence[Any]) -> Rows:
        self._step_some()
        return event_log().recorder.ask(query, arguments)

    def _step_some(self) -> None:
        for _ in range(self._chance.choice([0, 0, 1, 2, 4])):
            self._step()

    def _step(self) -> None:
        if self._writers:
            writer = self._chance.choice(self._writers)
            if next(writer, None) is None:
                self._writers.remove(writer)

    def _transaction(self, connection: psycopg.Connection) -> Iterator[str]:
        """Begin, append once or twice, and end in one of three ways; a step each."""
        room = self._chance.choice([None, new_id()])
        for _ in range(self._chance.randint(1, 2)):
            connection.execute("BEGIN")
            for _ in range(self._chance.randint(1, 2)):
                append(connection, self._chance.randint(1, 3), room)
                yield "appended"
            if self._chance.random() < 0.3:
                connection.execute("SAVEPOINT before")
                append(connection, 1, room)
                connection.execute("ROLLBACK TO before")
                yield "rolled back in part"
            connection.execute("ROLLBACK" if self._chance.random() < 0.3 else "COMMIT")
            yield "ended"


def missed_in(times: int, seed: int, kind: type[Horizon] = Horizon) -> dict[str, set[int]]:
    """Return what a reader missed, by the seed of the interleaving; the first to miss some ends it.

    :param times: of how many interleavings.
    """
    with ExitStack() as stack:
        # A pause on the one thread would only make it slow.
        stack.enter_context(mock.patch.multiple(horizon, SHORTEST_PAUSE_S=0, LONGEST_PAUSE_S=0))
        stack.enter_context(mock.patch.object(horizon, "PATIENCE_S", 60.0))
        writers = [stack.enter_context(as_owner()) for _ in range(WRITERS)]
        for number in range(times):
            name = f"{seed} {number}"
            if missed := Interleaving(name, writers).missed(kind):
                return {name: missed}
    return {}


def positions_after(position: int) -> list[int]:
    """Return the positions that can be seen now."""
    return [row[0] for row in event_log().recorder.ask(PAGE, (position, 10_000))]


def append(connection: psycopg.Connection, events: int, room: UUID | None) -> None:
    """Append to a new stream inside a connection's transaction."""
    stream = new_id()
    stored = [StoredEvent(stream, version, TOPIC, b"") for version in range(1, events + 1)]
    answer = Answer(new_id(), b"", stream, events)
    added = Append(stored, room, needs_open_room=True, closes_room=False, answers=[answer])
    connection.execute(CALL, as_arguments([added]))
