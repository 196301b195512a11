"""E-04: nobody who reads by position misses an event that commits late."""

import os
import secrets
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import horizon
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.horizon import Horizon, Rows
from tests.kernel.jars import add, as_owner
from tests.kernel.late_commits import (
    PAGE,
    BeginsAtTheNewest,
    DoesNotReadAgain,
    ReadsOn,
    append,
    missed_in,
    positions_after,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TIMES = 60
PRESS_ON = 2000  # the shyest of the broken readers misses some in one of thirty


def seed() -> int:
    found = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))
    print(f"seed {found}, {TIMES} interleavings")
    return found


def test_no_reader_misses_what_commits_late() -> None:
    assert missed_in(TIMES, seed()) == {}


@pytest.mark.parametrize("kind", [ReadsOn, DoesNotReadAgain, BeginsAtTheNewest])
def test_a_reader_that_is_less_careful_misses_some(kind: type[Horizon]) -> None:
    found = missed_in(PRESS_ON, seed(), kind)

    print(f"{kind.__name__} missed some: {found}")
    assert found


def test_what_was_rolled_back_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(horizon, "PATIENCE_S", 0.0)
    with as_owner() as writer:
        for _ in range(3):
            add(jar_id=new_id())
            writer.execute("BEGIN")
            append(writer, 2, None)
            writer.execute("ROLLBACK")
        add(jar_id=new_id())

    asked = Asked()
    assert [row[0] for row in Horizon(asked).read(PAGE, 0, 100)] == [1, 4, 7, 10]
    assert asked.times == 3, "one question at the first hole settles all of them"


def test_without_a_hole_nothing_more_is_asked() -> None:
    for _ in range(10):
        add(jar_id=new_id())
    asked = Asked()
    found = Horizon(asked)

    assert [row[0] for row in found.read(PAGE, 0, 6)] == [1, 2, 3, 4, 5, 6]
    assert [row[0] for row in found.read(PAGE, 6, 6)] == [7, 8, 9, 10]
    assert found.read(PAGE, 10, 6) == []
    assert asked.times == 3
    assert found.head() == 10
    assert asked.times == 4


def test_a_writer_who_does_not_end_holds_up_only_what_is_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(horizon, "PATIENCE_S", 0.05)
    log = event_log()
    add(jar_id=new_id())
    with as_owner() as writer:
        writer.execute("BEGIN")
        append(writer, 1, None)
        last = add(jar_id=new_id()).position

        assert [r.position for r in log.read(0)] == [1]
        assert log.read(1) == []
        assert (log.head(), log.recorder.newest()) == (1, last)
        assert "up to position 1 only" in caplog.text

        writer.execute("COMMIT")
        assert [r[0] for r in Horizon(log.recorder.ask).read(PAGE, 1, 9)] == [2, last]
        assert log.head() == last


def test_a_reader_at_a_hole_goes_on_as_soon_as_it_is_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(horizon, "PATIENCE_S", 60.0)
    with as_owner() as writer, as_owner() as idle:
        idle.execute("BEGIN")
        append(idle, 1, None)  # holds the lock, too, but comes behind
        idle.execute("SAVEPOINT here")
        writer.execute("BEGIN")
        append(writer, 1, None)
        idle.execute("ROLLBACK TO here")
        add(jar_id=new_id())
        found: list[int] = []
        reader = threading.Thread(
            target=lambda: found.extend(
                row[0] for row in Horizon(event_log().recorder.ask).read(PAGE, 1, 9)
            )
        )
        reader.start()
        reader.join(0.2)
        assert reader.is_alive()

        writer.execute("COMMIT")
        reader.join(30)
        idle.execute("ROLLBACK")

    assert found == [2, 3]
    assert positions_after(0) == [2, 3]


def test_a_transaction_that_is_prepared_meanwhile_is_still_waited_for() -> None:
    # Servers before 18 call it otherwise from then on; those of the tests cannot prepare any.
    holders = [["3/55"], ["-1/777"], ["-1/777"], []]
    pages: list[Rows] = [[(2,)], [(1,), (2,)]]

    def answer(query: str, _: object) -> Rows:
        return pages.pop(0) if query == PAGE else [(2, False, holders.pop(0))]

    assert Horizon(answer).read(PAGE, 0, 9) == [(1,), (2,)]
    assert holders == []


class Asked:
    """Counts the questions to the database."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, query: str, arguments: Sequence[Any]) -> Rows:
        self.times += 1
        return event_log().recorder.ask(query, arguments)
