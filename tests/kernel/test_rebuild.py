"""A rebuild: beside the live view, swapped at once, and nothing is left of one that was killed."""

from typing import Any

import psycopg
import pytest

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import dead_letters
from spaces_project.kernel.following import rebuild as rebuilding
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.rebuild import Progress, rebuild
from spaces_project.kernel.following.shadow import NotDisposable
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.mapper import UnreadableEvent
from tests.kernel.jars import add, as_owner
from tests.kernel.shelves import Marbles, Shelf, fill, in_thread, rows_of, see, shadows

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelves")]

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
            in_thread(lambda: see(Marbles(), Shelf()))

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
        in_thread(lambda: rebuild(model))
        return batch

    monkeypatch.setattr(event_log(), "read_live", swapped_meanwhile)
    assert project(model) == 0
    assert len(rows_of(model)["tests_marble"]) == 5


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


@pytest.mark.parametrize("model", [Shelf(), Marbles()], ids=["fold", "plain"])
def test_an_altered_log_is_no_reason_to_forget_what_the_view_knows(model: ReadModel) -> None:
    fill()
    see(model)
    live = rows_of(model)
    with as_owner() as owner:
        owner.execute("UPDATE log_events SET state = '' WHERE notification_id = 9")
    with pytest.raises(UnreadableEvent):
        rebuild(model)

    assert rows_of(model) == live
    assert shadows() == []


def test_a_table_that_is_more_than_rows_is_left_alone() -> None:
    with as_owner() as owner:
        owner.execute("ALTER TABLE tests_marble ADD FOREIGN KEY (jar_id) REFERENCES tests_jar")
    for model in (Shelf(), Marbles()):
        with pytest.raises(NotDisposable):
            rebuild(model)

    assert shadows() == []
