"""A projector: as many events at a time as are quick, each once, in one go."""

from typing import Any

import pytest
from django.db import connection

from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import BATCH, SHORT_S, BatchSize, Projector, advance
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.jars import add
from tests.kernel.shelves import Marbles, Shelf, fill, rows_of

databases = pytest.mark.usefixtures("databases", "shelves")


def test_batches_grow_while_they_are_full_and_quick() -> None:
    size, seen = BatchSize(), []
    for _ in range(12):
        seen.append(size.events)
        size.took(size.events, SHORT_S / 2)

    assert seen == [1, 2, 4, 8, 16, 32, 64, 128, 256, BATCH, BATCH, BATCH]


def test_batches_stay_when_there_is_no_more_to_read() -> None:
    size = BatchSize()
    size.took(1, 0)
    size.took(1, 0)

    assert size.events == 2


def test_batches_shrink_when_one_was_slow() -> None:
    size = BatchSize()
    for _ in range(4):
        size.took(size.events, 0)
    for expected in (8, 4, 2, 1, 1):
        size.took(size.events, SHORT_S * 2)
        assert size.events == expected


@databases
@pytest.mark.databases
def test_it_reads_a_long_log_in_a_few_steps_and_each_event_once() -> None:
    fill(jars=5, marbles=8)
    projector, steps = Projector(Marbles()), 0
    while projector.step():
        steps += 1

    assert positions()[Marbles.name] == event_log().head()
    assert len(rows_of(Marbles)["tests_marble"]) == 40
    assert steps < 40


@databases
@pytest.mark.databases
def test_a_position_that_is_set_back_is_noticed_though_nothing_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(jars=2)
    projector = Projector(Marbles())
    while projector.step():
        pass
    before = rows_of(Marbles)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE tests_marble, tests_marble_count")
        cursor.execute("UPDATE log_positions SET position = 0 WHERE name = %s", [Marbles.name])

    assert not projector.step()  # it remembers
    monkeypatch.setattr("spaces_project.kernel.following.projector.REMEMBERED_S", 0.0)
    while projector.step():
        pass
    assert rows_of(Marbles) == before


@databases
@pytest.mark.databases
def test_a_batch_that_somebody_else_has_applied_changes_nothing() -> None:
    fill(jars=1)
    batch = event_log().read_live(0)
    for model in (Marbles(), Shelf()):
        one, other = Projector(model), Projector(model)
        assert [one.step(), other.step()] == [1, 1]
        while one.step():
            pass
        seen = rows_of(model)

        assert not advance(model, 0, batch)
        assert other.step()  # it read behind a position that is no more
        while other.step():
            pass
        assert rows_of(model) == seen


@databases
@pytest.mark.databases
def test_what_only_writes_goes_down_one_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(jars=2, marbles=20)
    batch = event_log().read_live(0)
    wanted = [recorded for recorded in batch if isinstance(recorded.event, Marbles.listen_to)]
    connection.ensure_connection()
    kind, opened = type(connection.connection), 0
    real = kind.pipeline

    def pipeline(self: Any) -> Any:
        nonlocal opened
        opened += 1
        return real(self)

    monkeypatch.setattr(kind, "pipeline", pipeline)
    Marbles().apply_all(wanted)

    assert opened == 1
    assert len(rows_of(Marbles)["tests_marble"]) == 40


@databases
@pytest.mark.databases
def test_a_statement_that_fails_fails_the_batch() -> None:
    add(jar_id=new_id())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tests_marble_count ADD CHECK (marbles < 1)")
    with pytest.raises(Exception, match="tests_marble_count"):
        Marbles().apply_all(event_log().read_live(0))
