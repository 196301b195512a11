"""A rebuild: beside the live view, swapped at once, and nothing is left of one that was killed."""

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
from spaces_project.kernel.following import dead_letters
from spaces_project.kernel.following import rebuild as rebuilding
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.rebuild import Progress, RebuildRuns, TablesAreBusy, rebuild
from spaces_project.kernel.following.shadow import NotDisposable
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.jars import add, as_owner, eventually, shut
from tests.kernel.shelves import Marbles, Shelf, rows_of, shadows, shelf_tables

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelves")]

SEED = 14
KILLS = 8
LOOKS = """
SELECT count(*), sum(marbles), (SELECT count(*) FROM tests_jar WHERE last_colour = 'red')
FROM tests_jar
"""
LIKE = """
SELECT 'column', attname || ' ' || format_type(atttypid, atttypmod) || attnotnull::text
    || coalesce(pg_get_expr(adbin, adrelid), '')
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = %(t)s::regclass AND attnum > 0
UNION ALL SELECT 'constraint', conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = %(t)s::regclass
UNION ALL SELECT 'index', pg_get_indexdef(indexrelid) || indisprimary::text || indisvalid::text
FROM pg_index WHERE indrelid = %(t)s::regclass
UNION ALL SELECT 'table', relkind::text || coalesce(reloptions::text, '') || relowner::regrole
    || coalesce(relacl::text, '') FROM pg_class WHERE oid = %(t)s::regclass
ORDER BY 1, 2
"""


@pytest.fixture
def shelves(databases: object) -> Iterator[None]:
    """The tables of the small read models."""
    del databases
    with shelf_tables():
        yield


def fill(jars: int = 6, marbles: int = 5) -> None:
    """Put marbles into some jars, and shut every third one."""
    for number in range(jars):
        jar = new_id()
        for _ in range(marbles):
            add(jar_id=jar, colour="red" if number % 2 else "blue")
        if number % 3 == 0:
            shut(jar_id=jar)


def see(*models: ReadModel) -> None:
    for model in models:
        while project(model):
            pass


def definition_of(table: str) -> list[Any]:
    with psycopg.connect(connection_string()) as looker:
        return looker.execute(LIKE.encode(), {"t": table}).fetchall()


@pytest.mark.parametrize("model", [Shelf(), Marbles()], ids=["fold", "plain"])
def test_a_rebuild_gives_the_same_rows(model: ReadModel) -> None:
    fill()
    see(model)
    live = rows_of(model)

    assert rebuild(model) == event_log().head()
    assert rows_of(model) == live
    assert all(live.values())
    assert shadows() == []


@pytest.mark.parametrize("model", [Shelf(), Marbles()], ids=["fold", "plain"])
def test_the_new_tables_are_like_the_old_ones(model: ReadModel) -> None:
    with as_owner() as owner:
        owner.execute("CREATE ROLE tests_guest")
        owner.execute("GRANT SELECT, UPDATE ON tests_jar TO tests_guest WITH GRANT OPTION")
        owner.execute("GRANT SELECT ON tests_marble TO PUBLIC")
    try:
        before = [definition_of(table) for table in model.tables]
        for _ in range(2):
            rebuild(model)

        assert [definition_of(table) for table in model.tables] == before
    finally:
        with as_owner() as owner:
            owner.execute("DROP OWNED BY tests_guest; DROP ROLE tests_guest")


def test_a_fold_that_outgrows_its_memory_gives_the_same_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jars = [new_id() for _ in range(9)]
    for _ in range(4):
        for jar in jars:
            add(jar_id=jar)
    see(Shelf())
    live = rows_of(Shelf)
    monkeypatch.setattr(rebuilding, "MOST_ROWS", 4)
    monkeypatch.setattr(rebuilding, "PAGE", 5)
    rebuild(Shelf())

    assert rows_of(Shelf) == live


def test_what_happens_meanwhile_is_in_the_new_tables_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    see(Marbles(), Shelf())
    monkeypatch.setattr(rebuilding, "PAGE", 5)
    monkeypatch.setattr(rebuilding, "BATCH", 5)
    meanwhile = 0

    def live_goes_on(_: Progress) -> None:
        nonlocal meanwhile
        if meanwhile < 25:
            meanwhile += 1
            add(jar_id=new_id())
            _in_thread(lambda: see(Marbles(), Shelf()))

    rebuild(Marbles(), live_goes_on)
    rebuild(Shelf(), live_goes_on)
    assert meanwhile == 25
    see(Marbles(), Shelf())
    told = rows_of(Marbles, Shelf)
    rebuild(Marbles())
    rebuild(Shelf())

    assert rows_of(Marbles, Shelf) == told
    assert len(told["tests_marble"]) == len(set(told["tests_marble"])) == 30 + 25
    assert set(positions().values()) == {event_log().head()}


def test_a_follower_that_was_about_to_write_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The swap comes between its reading of the log and its transaction."""
    fill(jars=1)
    model = Marbles()
    real = event_log().read_live

    def swapped_meanwhile(after: int, limit: int = 500) -> Any:
        batch = real(after, limit)
        monkeypatch.undo()
        _in_thread(lambda: rebuild(model))
        return batch

    monkeypatch.setattr(event_log(), "read_live", swapped_meanwhile)
    assert project(model) == 0
    assert len(rows_of(model)["tests_marble"]) == 5


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
        _in_thread(once_more)

    rebuild(Shelf(), report)

    assert [str(error) for error in refused] == ["tests_shelf is being rebuilt already"]
    _in_thread(lambda: rebuild(Shelf()))  # the lock is free again


def test_one_that_was_killed_changes_nothing_and_leaves_nothing_behind() -> None:
    chance = random.Random(SEED)
    fill(jars=8)
    see(Shelf(), Marbles())
    live = rows_of(Shelf, Marbles)
    killed = left = 0
    while killed < KILLS:
        model = chance.choice([Shelf(), Marbles()])
        with _killer(after=chance.randrange(40)):
            killed += not _in_thread(lambda m=model: rebuild(m))  # type: ignore[misc]
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


def test_what_could_not_be_applied_is_tried_anew() -> None:
    fill(jars=4)
    model = Shelf()
    model.refused = "red"
    see(model)
    assert dead_letters.count() == {model.name: 2}
    stopped = rows_of(model)

    rebuild(model)  # it still cannot
    assert dead_letters.count() == {model.name: 2}
    assert rows_of(model) == stopped
    model.refused = None
    rebuild(model)

    assert dead_letters.count() == {}
    assert len(rows_of(model)["tests_jar"]) == 4


def test_a_table_that_is_more_than_rows_is_left_alone() -> None:
    with as_owner() as owner:
        owner.execute("ALTER TABLE tests_marble ADD FOREIGN KEY (jar_id) REFERENCES tests_jar")
    for model in (Shelf(), Marbles()):
        with pytest.raises(NotDisposable):
            rebuild(model)

    assert shadows() == []


def _in_thread(do: Callable[[], object]) -> bool:
    """Do something on a connection of its own; tell whether it went well."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            do()
        except Exception as error:  # noqa: BLE001 - told to the caller
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return not failed


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
