"""Who reads during a rebuild sees all of the old view or all of the new one, kills or not."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import rebuild as rebuilding
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.rebuild import Progress, RebuildRuns, TablesAreBusy, rebuild
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.jars import eventually
from tests.kernel.shelves import Marbles, Shelf, fill, in_thread, rows_of, see, shadows

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelves")]

SEED = 14
KILLS = 8
LOOKS = """
SELECT count(*), sum(marbles), (SELECT count(*) FROM tests_jar WHERE last_colour = 'red')
FROM tests_jar
"""


class Looker:
    """Reads without pause, by a prepared statement and by Django, and keeps what was odd."""

    def __init__(self) -> None:
        self.looks = 0
        self.odd: list[Any] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._look, args=(w,)) for w in (True, False)]

    def __enter__(self) -> Self:
        self._right = self._by_django()
        for thread in self._threads:
            thread.start()
        assert eventually(lambda: self.looks > 20)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _look(self, prepared: bool) -> None:
        try:
            if not prepared:
                self._read(self._by_django)
                return
            with psycopg.connect(connection_string(), autocommit=True) as looker:
                self._read(lambda: looker.execute(LOOKS.encode(), prepare=True).fetchone())
        except Exception as error:  # noqa: BLE001 - it is what the test is about
            self.odd.append(error)
        finally:
            connections.close_all()

    def _read(self, look: Callable[[], Any]) -> None:
        while not self._stopped.is_set():
            if (seen := look()) != self._right:
                self.odd.append(seen)
            self.looks += 1

    @staticmethod
    def _by_django() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(LOOKS)
            return cursor.fetchone()


def test_readers_never_see_a_half_built_view() -> None:
    fill(jars=10)
    see(Shelf())
    with Looker() as looker:
        for _ in range(10):
            before = looker.looks
            rebuild(Shelf())
            assert eventually(lambda b=before: looker.looks > b + 2)  # type: ignore[misc]

    print(f"{looker.looks} looks during 10 rebuilds, {len(looker.odd)} odd")
    assert looker.odd == []


def test_readers_would_see_one_that_is_built_in_place() -> None:
    fill(jars=10)
    see(Shelf())
    batch = event_log().read(0)
    with Looker() as looker, connection.cursor() as cursor:
        while not looker.odd:
            cursor.execute("DELETE FROM tests_jar")
            Shelf().apply_all(batch)


def test_two_at_once_are_refused() -> None:
    fill(jars=2)
    refused: list[Exception] = []

    def once_more() -> None:
        try:
            rebuild(Shelf())
        except RebuildRuns as error:
            refused.append(error)

    def report(_: Progress) -> None:
        in_thread(once_more)

    rebuild(Shelf(), report)

    assert [str(error) for error in refused] == ["tests_shelf is being rebuilt already"]
    in_thread(lambda: rebuild(Shelf()))  # the lock is free again


def test_one_that_was_killed_changes_nothing_and_leaves_nothing_behind() -> None:
    chance = random.Random(SEED)
    fill(jars=8)
    see(Shelf(), Marbles())
    live = rows_of(Shelf, Marbles)
    killed = left = 0
    while killed < KILLS:
        model = chance.choice([Shelf(), Marbles()])
        with _killer(after=chance.randrange(40)):
            killed += not in_thread(lambda m=model: rebuild(m))  # type: ignore[misc]
        left += len(shadows())
        assert rows_of(Shelf, Marbles) == live
    for last in (Shelf(), Marbles()):
        rebuild(last)

    print(f"seed {SEED}: {killed} killed, {left} left their shadows")
    assert left
    assert rows_of(Shelf, Marbles) == live
    assert shadows() == []


def test_a_busy_table_is_waited_for_and_others_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(jars=2)
    see(Shelf())
    monkeypatch.setattr(rebuilding, "SWAP_WITHIN_S", 0.5)
    with psycopg.connect(connection_string()) as reader, Looker() as looker:
        reader.execute("SELECT FROM tests_jar")
        before = looker.looks
        with pytest.raises(TablesAreBusy, match="tests_jar"):
            rebuild(Shelf())
        assert looker.looks > before
        monkeypatch.setattr(rebuilding, "SWAP_WITHIN_S", 30)
        release = threading.Timer(0.5, reader.commit)
        release.start()
        rebuild(Shelf())
        release.join()

    assert looker.odd == []


@pytest.mark.parametrize("model", [Shelf(), Marbles()], ids=["fold", "plain"])
def test_what_comes_last_is_not_lost_when_the_swap_gets_no_turn(
    monkeypatch: pytest.MonkeyPatch, model: ReadModel
) -> None:
    """The swap applies it, waits in vain for a reader, is undone, and must apply it again."""
    fill(jars=2)
    see(model)
    making: Any = rebuilding._Rebuild
    real, turns = making._swap_now, [0]
    with psycopg.connect(connection_string()) as reader:
        for table in model.tables:
            reader.execute(f"SELECT FROM {table}".encode())

        def more() -> None:
            fill(jars=2)
            see(model)

        def swap_now(self: Any, lock_wait_ms: int) -> int:
            turns[0] += 1
            if turns[0] == 1:
                in_thread(more)
            else:
                reader.commit()
            return int(real(self, lock_wait_ms))

        monkeypatch.setattr(making, "_swap_now", swap_now)
        assert rebuild(model) == event_log().head()
    monkeypatch.undo()
    told = rows_of(model)
    rebuild(model)

    assert turns[0] > 1
    assert told == rows_of(model)


@contextmanager
def _killer(after: int) -> Iterator[None]:
    """End the rebuild's session before one of its statements, as a crash does."""
    patched: Any = CursorWrapper
    countdown = iter(range(after, -1, -1))
    real = patched.execute

    def execute(self: Any, query: Any, arguments: Any = None) -> Any:
        if next(countdown, -1) == 0:
            pid = self.connection.connection.info.backend_pid
            with psycopg.connect(connection_string(), autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s, 1000)", (pid,))
        return real(self, query, arguments)

    patched.execute = execute
    try:
        yield
    finally:
        patched.execute = real
