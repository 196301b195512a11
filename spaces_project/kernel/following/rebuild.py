"""Rebuilds a read model from the log while the old one goes on serving.

The log is read into shadow tables, which then take the place of the tables in one short
transaction. That transaction holds the position row, so that the follower that keeps the tables in
place cannot write them any more, and moves the position, so that what it was about to write it
looks at again. A rebuild that ends half way, however it ends, has changed nothing that anybody
reads; the next one removes what it left.
"""

import gc
import logging
import random
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from django.db import Error, OperationalError, connection, transaction
from psycopg import errors

from spaces_project.kernel.following import dead_letters
from spaces_project.kernel.following.poison import apply_or_park
from spaces_project.kernel.following.positions import lock_position, move_position
from spaces_project.kernel.following.read_model import FoldReadModel, ReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.shadow import ShadowTables
from spaces_project.kernel.following.waiting import announce
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.log.mapper import UnreadableEvent
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

REBUILDS: Final = 8818  # the namespace of our advisory locks
PAGE: Final = 2_000  # events read at once
BATCH: Final = 500  # events in one transaction
MOST_ROWS: Final = 200_000  # kept in memory by a fold: about 100 MB
# Readers wait behind one who waits for a table, so not for long; but PostgreSQL ends an autovacuum
# that is in the way only for who has waited for a second (deadlock_timeout).
LOCK_WAITS_MS: Final = (200, 200, 500, 1500)
SWAP_WITHIN_S: Final = 60.0
PAUSE_S: Final = 0.2
NO_TURN: Final = (errors.LockNotAvailable, errors.DeadlockDetected)


class RebuildRuns(Exception):
    """Somebody rebuilds the same read model already."""


class TablesAreBusy(Exception):
    """Others read the tables without pause, in long transactions; the swap never got its turn."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come."""

    position: int
    head: int
    events: int
    duration_s: float

    @property
    def percent(self) -> float:
        """How much of the log is behind it."""
        return 100 * self.position / self.head if self.head else 100.0

    @property
    def events_per_s(self) -> float:
        """How quick it is, on average."""
        return self.events / self.duration_s if self.duration_s else 0.0


Report = Callable[[Progress], None]


def rebuild(read_model: ReadModel, report: Report | None = None) -> int:
    """Make a read model anew from the whole log; return the position reached.

    Events that it could not apply before are tried anew.

    :raises UnreadableEvent: if an event of the log was altered: the old view knows more then.
    :raises RebuildRuns: if another process, or thread, is at it.
    :raises TablesAreBusy: if the swap got no turn within a minute.
    """
    with _only_one(read_model.name):
        session = connection.connection
        making = _Rebuild(read_model, report or _tell_nobody)
        try:
            return making.run()
        finally:
            # Another session has no lock: what it removed might be somebody else's by now.
            if connection.connection is session:
                making.remove_traces()


class _Rebuild:
    def __init__(self, read_model: ReadModel, report: Report) -> None:
        self._read_model = read_model
        self._report = report
        self._name = f"rebuild_{read_model.name}"
        self._shadow = ShadowTables(self._name, read_model.tables)
        self._position = 0
        self._events = 0
        self._began = time.monotonic()

    def run(self) -> int:
        """Fill the shadows, put them in place; return the position reached."""
        self._begin()
        if not isinstance(self._read_model, FoldReadModel) or not self._fold(self._read_model):
            self._begin()
            with self._shadow.transaction():
                self._shadow.make_keys()
        self._catch_up()
        with self._shadow.transaction():
            self._shadow.analyze()
        position = self._swap()
        announce(self._read_model.name, position)
        return position

    def remove_traces(self) -> None:
        """Remove what is left when all is done, or broken; else the next rebuild does it."""
        with suppress(Error):
            self._shadow.drop()
            dead_letters.forget(self._name)

    def _begin(self) -> None:
        self._shadow.make()
        dead_letters.forget(self._name)
        self._position = self._events = 0
        self._head = event_log().head()

    def _fold(self, read_model: FoldReadModel) -> bool:
        """Fold the log in memory and copy the rows; tell whether every event could be applied.

        A fold that fails half way leaves rows that are neither before nor behind the event. This
        is seldom: the whole log is then applied in batches, which can be rolled back.
        """
        rows = Rows(read_model.folded, complete=True)
        try:
            with _without_garbage_collection():
                for page in self._pages():
                    if not rows.complete:
                        with self._shadow.transaction():
                            rows.load(c for r in page for c in read_model.concerns(r))
                    for recorded in page:
                        read_model.fold(recorded, rows)
                    if len(rows) > MOST_ROWS:
                        self._write(rows)
            self._write(rows)
        except Exception as error:
            if passes(error) or isinstance(error, UnreadableEvent):
                raise
            kind = type(error).__name__  # what it says may quote the event
            log.warning("%s: %s while folding; once more in batches", self._name, kind)
            return False
        return True

    def _pages(self) -> Iterator[list[Recorded]]:
        """Yield the events that the read model listens to, up to the end of the log."""
        listen_to = self._read_model.listen_to
        while page := event_log().read(self._position, PAGE):
            yield [recorded for recorded in page if isinstance(recorded.event, listen_to)]
            self._passed(page)

    def _write(self, rows: Rows) -> None:
        with self._shadow.transaction():
            rows.write()
            self._shadow.make_keys()

    def _catch_up(self) -> None:
        """Apply what has come meanwhile, in the way of a live follower."""
        while batch := event_log().read(self._position, BATCH):
            with self._shadow.transaction():
                self._apply(batch)
            self._passed(batch)

    def _swap(self) -> int:
        deadline = time.monotonic() + SWAP_WITHIN_S
        for wait_ms in cycle(LOCK_WAITS_MS):
            before = self._position, self._events
            try:
                with transaction.atomic(durable=True):
                    return self._swap_now(wait_ms)
            except OperationalError as error:
                self._position, self._events = before  # what it applied is undone
                if not isinstance(error.__cause__, NO_TURN):
                    raise
                if time.monotonic() > deadline:
                    raise TablesAreBusy(
                        f"{', '.join(self._read_model.tables)} were in use for a minute without"
                        " pause; look for long transactions in pg_stat_activity"
                    ) from error
            time.sleep(random.uniform(0, PAUSE_S))  # noqa: S311 - to meet nobody twice
            self._catch_up()
        raise AssertionError  # there is always one more try

    def _swap_now(self, lock_wait_ms: int) -> int:
        """Apply the last events and swap, while nobody else can move the position."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(lock_wait_ms)])
        reached = lock_position(self._read_model.name)
        self._shadow.come_first()
        while self._position < reached:
            batch = event_log().read(self._position, BATCH)
            if not batch:
                break  # an older log was restored: its end is where the read model is now
            self._apply(batch)
            self._passed(batch)
        self._shadow.swap()
        dead_letters.replace(self._read_model.name, by=self._name)
        move_position(self._read_model.name, self._position)
        return self._position

    def _apply(self, batch: Sequence[Recorded]) -> None:
        model = self._read_model
        apply_or_park(model, batch, model.apply_all, letters_of=self._name)

    def _passed(self, batch: Sequence[Recorded]) -> None:
        self._position = batch[-1].position
        self._events += len(batch)
        if self._position > self._head:
            self._head = event_log().head()
        duration_s = time.monotonic() - self._began
        self._report(Progress(self._position, self._head, self._events, duration_s))


@contextmanager
def _only_one(name: str) -> Iterator[None]:
    """Hold the lock of a read model's rebuild; PostgreSQL takes it back from who is killed."""
    key = [REBUILDS, zlib.crc32(name.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        if not cursor.fetchone()[0]:
            raise RebuildRuns(f"{name} is being rebuilt already")
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Let nobody look through a hundred thousand rows for cycles that are not there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tell_nobody(_progress: Progress) -> None:
    """Report nothing."""
