"""People who change from one process to another, while the reaper looks all the time."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, connections

from rooms import commands
from rooms.presence import reaper as reapers
from rooms.presence.board import Board
from rooms.presence.tables import Place
from spaces_project.kernel.log.event_log import Receipt
from tests.kernel.jars import at_once, eventually
from tests.presence.scenes import (
    boards,
    comings_and_goings,
    connect,
    count,
    is_inside,
    joined,
    live_room,
    reaper,
)

LONGEST_MS = 12.0


@dataclass
class Outcome:
    """How the changes went."""

    changes: int
    put_out: int = 0  # rightly: the old connection was gone long before the new one came
    ghosts: int = 0  # connected and joined, and not inside by the log
    left_behind: int = 0  # not connected, and inside by the log

    def __str__(self) -> str:
        return (
            f"{self.changes} changes, {self.put_out} put out in between and back in: "
            f"{self.ghosts} shut out though connected, {self.left_behind} left inside as ghosts"
        )


class HastyReaper(reapers.PresenceReaper):
    """The broken variant: looks first, and drops when a new connection may be there by then."""

    def _drop_some(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM rooms_presence_absence AS absence WHERE due_at <= now()"
                " RETURNING room_id, account_id, EXISTS (SELECT FROM rooms_presence_connection AS"
                " held WHERE held.room_id = absence.room_id"
                " AND held.account_id = absence.account_id)"
            )
            due = [Place(room, person) for room, person, here in cursor.fetchall() if not here]
        for place in due:
            self._put_out(place)
        return 0


def run(seed: int, changes: int, kind: type[reapers.PresenceReaper] | None = None) -> Outcome:
    """Let so many people, one after the other, go here and come there; return how it went."""
    chance, outcome = random.Random(seed), Outcome(changes)
    room_id, stopped = live_room(), threading.Event()

    def drop(*, room_id: UUID, account_id: UUID) -> Receipt:
        time.sleep(chance.uniform(0, LONGEST_MS) / 1000)
        return commands.drop(room_id=room_id, account_id=account_id)

    looking = threading.Thread(target=_look, args=(reaper_of(kind, drop), stopped))
    with boards(2) as (one, other):
        looking.start()
        try:
            people = [_change(room_id, one, other, chance) for _ in range(changes)]
            gone = [_go(room_id, one) for _ in range(changes // 10)]
            assert eventually(lambda: not count("absence"))
        finally:
            stopped.set()
            looking.join()
        outcome.ghosts = sum(not is_inside(room_id, person) for person in people)
        outcome.left_behind = sum(is_inside(room_id, person) for person in gone)
        outcome.put_out = sum("Left" in comings_and_goings(room_id, person) for person in people)
    return outcome


def reaper_of(
    kind: type[reapers.PresenceReaper] | None, drop: Callable[..., Receipt]
) -> reapers.PresenceReaper:
    """Return a reaper of a kind that has been awake for long."""
    awake = reaper(drop)
    if kind is not None:
        awake.__class__ = kind
    return awake


def _look(awake: reapers.PresenceReaper, stopped: threading.Event) -> None:
    while not stopped.is_set():
        awake.look()
    connections.close_all()


def _change(room_id: UUID, one: Board, other: Board, chance: random.Random) -> UUID:
    """Let somebody's connection end in one process, and another begin in the other, about then."""
    person = joined(room_id)
    connect(one, person, room_id, person)
    pauses = [chance.uniform(0, LONGEST_MS) / 1000 for _ in range(2)]

    def goes() -> None:
        time.sleep(pauses[0])
        one.disconnected(person)

    def comes() -> None:
        time.sleep(pauses[1])
        connect(other, person, room_id, person)
        commands.join(room_id=room_id, account_id=person)

    for answer in at_once([goes, comes]):
        assert answer is None, answer
    return person


def _go(room_id: UUID, board: Board) -> UUID:
    """Let somebody come and go for good."""
    person = joined(room_id)
    connect(board, person, room_id, person)
    board.disconnected(person)
    return person
