"""Three processes write to one log, a tenth of it in conflict, while others follow it."""

import random
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.launcher.environment import PROJECT
from tests.kernel.busy_writers import THREADS

PROCESSES, ROOMS = 3, 6
FOLLOWERS = 3
PATIENCE_S = 240.0
PAGE = "SELECT notification_id FROM log_events WHERE notification_id > %s ORDER BY 1 LIMIT %s"


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
            [sys.executable, "-m", "tests.kernel.busy_writers", f"{seed} {place}", *words],
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
            page = connection.execute(PAGE, [position, 100]).fetchall()
            followed.positions += [row[0] for row in page]
            if finished and not page:
                return


def _audit(rooms: Sequence[UUID]) -> tuple[list[int], list[str]]:
    """Return all positions, and what is wrong with the rooms' and the streams' numbers."""
    query = (
        "SELECT notification_id, originator_id, originator_version, room_id, seq"
        " FROM log_events ORDER BY 1"
    )
    rows = event_log().recorder.ask(query, ())
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
