"""Three processes write to one log, a tenth of it in conflict, while others follow it.

Run as a module it is one of the processes.
"""

import random
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.appends import CALL, Answer, Append, as_arguments
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.launcher.environment import PROJECT
from tests.kernel.jars import at_once

PROCESSES, THREADS, ROOMS = 3, 8, 6
CONFLICTS = 0.1
SHARED = 0.2  # of all events: in streams to which everybody adds
FOLLOWERS = 3
PATIENCE_S = 240.0
TOPIC = "tests.MarbleAdded"
CAREFUL = "SELECT notification_id FROM log_events WHERE notification_id > %s ORDER BY 1 LIMIT %s"


@dataclass
class Followed:
    """What somebody who follows the log has seen."""

    positions: list[int] = field(default_factory=list)

    def faults(self, stored: Sequence[int]) -> list[str]:
        """Return what is wrong with it, in sentences."""
        found = []
        if self.positions != sorted(self.positions):
            found.append("out of order")
        if len(set(self.positions)) < len(self.positions):
            found.append("seen twice")
        if missed := set(stored) - set(self.positions):
            found.append(f"{len(missed)} missed")
        return found


@dataclass
class Outcome:
    """What was stored, and what was seen of it."""

    stored: list[int]
    conflicts: int
    careful: list[Followed]
    careless: Followed
    faults: list[str]

    @property
    def holes(self) -> int:
        """Positions that were drawn and never stored."""
        return self.stored[-1] - len(self.stored)


def write_and_follow(events: int, seed: int) -> Outcome:
    """Let all processes store so many events together; follow them from the first to the last."""
    rooms = [new_id() for _ in range(ROOMS)]
    each = events // (PROCESSES * THREADS)
    careful, careless = [Followed() for _ in range(FOLLOWERS)], Followed()
    ended = threading.Event()
    logs = [EventLog() for _ in careful]
    threads = [
        threading.Thread(target=_follow, args=(log, followed, ended, seed))
        for log, followed in zip(logs, careful, strict=True)
    ]
    threads.append(threading.Thread(target=_follow_over_holes, args=(careless, ended)))
    for thread in threads:
        thread.start()
    try:
        conflicts = _write(rooms, each, seed)
    finally:
        ended.set()
        for thread in threads:
            thread.join(PATIENCE_S)
        for log in logs:
            log.close()
    stored, faults = _audit(rooms)
    return Outcome(stored, conflicts, careful, careless, faults)


def _write(rooms: Sequence[UUID], each: int, seed: int) -> int:
    words = [str(each), *(room.hex for room in rooms)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.kernel.busy_log", f"{seed} {place}", *words],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in range(PROCESSES)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    conflicts = 0
    for writer in writers:
        assert writer.stdout is not None
        conflicts += int(writer.stdout.read())
        assert writer.wait(PATIENCE_S) == 0
    return conflicts


def _follow(log: EventLog, followed: Followed, ended: threading.Event, seed: int) -> None:
    chance = random.Random(seed)
    while True:
        finished = ended.is_set()
        position = followed.positions[-1] if followed.positions else 0
        page = log.recorder.after(position, chance.choice([1, 10, 100, 500]))
        followed.positions += [row.position for row in page]
        if finished and not page:
            return


def _follow_over_holes(followed: Followed, ended: threading.Event) -> None:
    with psycopg.connect(connection_string(), autocommit=True) as connection:
        while True:
            finished = ended.is_set()
            position = followed.positions[-1] if followed.positions else 0
            page = connection.execute(CAREFUL, [position, 100]).fetchall()
            followed.positions += [row[0] for row in page]
            if finished and not page:
                return


def _audit(rooms: Sequence[UUID]) -> tuple[list[int], list[str]]:
    """Return all positions, and what is wrong with the rooms' and the streams' numbers."""
    query = (
        "SELECT notification_id, originator_id, originator_version, room_id, seq"
        " FROM log_events ORDER BY 1"
    )
    rows = event_log().recorder._rows(query, ())
    seqs: dict[UUID, list[int]] = defaultdict(list)
    versions: dict[UUID, list[int]] = defaultdict(list)
    for _, stream, version, room, seq in rows:
        versions[stream].append(version)
        if room is not None:
            seqs[room].append(seq)
    faults = [
        f"{room} has {len(found)} events up to {found[-1]}, not in order"
        for numbers in (seqs, versions)
        for room, found in numbers.items()
        if found != list(range(1, len(found) + 1))
    ]
    faults += [
        f"{room} remembers another last seq than {len(seqs[room])}"
        for room in rooms
        if event_log().recorder.last_seq(room) != len(seqs[room])
    ]
    return [row[0] for row in rows], faults


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
