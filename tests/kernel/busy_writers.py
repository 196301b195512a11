"""One of the processes that write to a busy log: a tenth of it is in conflict."""

import random
import sys
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.appends import CALL, Answer, Append, as_arguments
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.jars import at_once

THREADS = 8
CONFLICTS = 0.1
SHARED = 0.2  # of all events: in streams to which everybody adds
TOPIC = "tests.MarbleAdded"


class Writer:
    """One thread: new streams, streams that all add to, and every tenth time a conflict."""

    def __init__(self, seed: str, rooms: Sequence[UUID]) -> None:
        self._chance = random.Random(seed)
        self._rooms = rooms
        self._last: Append | None = None
        self.conflicts = 0

    def write(self, events: int) -> int:
        """Store so many events; return how many conflicts there were."""
        with psycopg.connect(connection_string(), autocommit=True) as beside:
            while events:
                if self._chance.random() < CONFLICTS:
                    self._collide(beside)
                added = self._next()
                try:
                    event_log().recorder.append(added)
                except IntegrityError:
                    self.conflicts += 1
                else:
                    self._last = added
                    events -= 1
        return self.conflicts

    def _next(self) -> Append:
        room = self._chance.choice([None, *self._rooms])
        if room is None or self._chance.random() > SHARED:
            return _append(new_id(), 1, room)
        known = event_log().recorder.select_events(room, desc=True, limit=1)
        return _append(room, known[0].originator_version + 1 if known else 1, room)

    def _collide(self, beside: psycopg.Connection) -> None:
        """Decide on an old state; or draw a position and never store what was to stand there."""
        self.conflicts += 1
        if self._last is None or self._chance.random() < 0.5:
            beside.execute("BEGIN")
            beside.execute(CALL, as_arguments([_append(new_id(), 1, None)]))
            beside.execute("ROLLBACK")
            return
        stream = self._last.stored_events[0].originator_id
        assert isinstance(stream, UUID)
        try:
            event_log().recorder.append(_append(stream, 1, self._last.room_id))
        except IntegrityError:
            return
        raise AssertionError("a version was stored twice")


def _append(stream: UUID, version: int, room: UUID | None) -> Append:
    event = StoredEvent(stream, version, TOPIC, b"x" * 100)
    return Append([event], room, False, False, [Answer(new_id(), b"", stream, version)])


def main(words: Sequence[str]) -> None:
    """Be one of the processes."""
    seed, each, rooms = words[0], int(words[1]), [UUID(word) for word in words[2:]]
    event_log()
    print("ready", flush=True)
    sys.stdin.read()
    writers = [Writer(f"{seed} {place}", rooms) for place in range(THREADS)]
    answers = at_once(partial(writer.write, each) for writer in writers)
    assert all(isinstance(answer, int) for answer in answers), answers
    print(sum(answers), flush=True)
    event_log().close()


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1:])
