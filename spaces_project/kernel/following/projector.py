"""Moves a read model along the log: as many events a transaction as fit into a short while."""

import time
from typing import Final

from django.db import transaction

from spaces_project.kernel.following.pipeline import send
from spaces_project.kernel.following.poison import apply_or_park
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.waiting import announce
from spaces_project.kernel.log.event_log import Recorded, event_log

BATCH: Final = 500  # events; more in one transaction is hardly faster
SHORT_S: Final = 0.025  # a reader sees the first event of a batch not long after its last
REMEMBERED_S: Final = 1.0  # a position, while nothing comes


class BatchSize:
    """How many events to apply in one transaction: few as long as each takes its time."""

    def __init__(self, most: int = BATCH) -> None:
        self.events = 1
        self._most = most

    def took(self, events: int, duration_s: float) -> None:
        """Grow while full batches are quick, shrink when one was slow."""
        if duration_s > SHORT_S:
            self.events = max(1, self.events // 2)
        elif events >= self.events:
            self.events = min(self._most, self.events * 2)


class Projector:
    """Applies event after event to a read model.

    It remembers the position. Rows are written only together with a compare-and-set of it, so
    whoever else moves the same read model meanwhile, a second runner or a rebuild, makes this one
    look again instead of applying an event twice. When nothing came for a second it looks, too:
    somebody may have set the position back, and a memory of a later one would wait for ever.
    """

    def __init__(self, read_model: ReadModel) -> None:
        self._read_model = read_model
        self._position: int | None = None
        self._looked_at = 0.0
        self._size = BatchSize()

    def step(self) -> int:
        """Apply the next events in one transaction; return how many were read."""
        began = time.monotonic()
        reached, self._position = self._position, None  # forgotten if anything fails
        if reached is None or began > self._looked_at + REMEMBERED_S:
            reached = position_of(self._read_model.name)
            self._looked_at = began
        batch = event_log().read_live(reached, self._size.events)
        if not batch:
            self._position = reached
        elif advance(self._read_model, reached, batch):
            self._position, self._looked_at = batch[-1].position, began
            self._size.took(len(batch), time.monotonic() - began)
        return len(batch)


def project(read_model: ReadModel, limit: int = BATCH) -> int:
    """Apply up to so many events to a read model in one transaction; return how many were read."""
    while True:
        position = position_of(read_model.name)
        batch = event_log().read_live(position, limit)
        if not batch or advance(read_model, position, batch):
            return len(batch)


def advance(read_model: ReadModel, position: int, batch: list[Recorded]) -> bool:
    """Apply the events behind a position; tell whether they were still to be applied.

    The position moves first: its row is locked then, and a rebuild that waits for it has no lock
    on the tables yet.
    """
    with transaction.atomic():
        if not move_from(read_model.name, position, batch[-1].position):
            return False
        apply_or_park(read_model, batch, read_model.apply_all)
    announce(read_model.name, batch[-1].position)
    return True


def position_of(name: str) -> int:
    """Return how far a read model has come."""
    row = send("SELECT position FROM log_positions WHERE name = %s", (name,)).fetchone()
    if row is None:
        send(
            "INSERT INTO log_positions (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING",
            (name,),
        )
        return 0
    return int(row[0])


def move_from(name: str, position: int, to: int) -> bool:
    """Move a position if it is still the expected one; tell whether it was."""
    moved = send(
        "UPDATE log_positions SET position = %s WHERE name = %s AND position = %s",
        (to, name, position),
    )
    return moved.rowcount == 1
