"""Both sides of the bench make the same rows of the same story, and the story is possible."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.house import House
from bench.lobbies.statements import COUNTS
from bench.lobbies.story import Kind, story
from bench.rebuild import OurSide, TheirSide, rows_at
from spaces_project.launcher.postgres import Cluster

EVENTS = 400
SEED = 3


@pytest.fixture
def home(databases: tuple[Cluster, ...], tmp_path: Path) -> Iterator[House]:
    """The tests' databases as a bench sees them."""
    yield House(tmp_path, *databases)
    with psycopg.connect(databases[0].url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_lobby")


@pytest.mark.databases
def test_a_fold_plain_handlers_and_the_library_make_the_same_rows(home: House) -> None:
    ours, theirs = OurSide(home, EVENTS), TheirSide(home, EVENTS)
    try:
        rates, other = ours.measure(), theirs.measure()
    finally:
        theirs.close()

    print(f"{rates}, library {other:.0f} events/s")
    assert rows_at(ours.url) == rows_at(theirs.url)
    assert len(rows_at(ours.url)) == 100


def test_nobody_is_inside_or_in_line_less_than_not_at_all() -> None:
    rooms: dict[int, Counter[str]] = {}
    kinds = Counter(step.kind for step in story(60_000, SEED))
    for step in story(60_000, SEED):
        room = rooms.setdefault(step.room, Counter())
        for name, change in zip(("inside", "hands", "speakers"), _counts(step.kind), strict=True):
            room[name] += change
            assert room[name] >= 0, step

    assert set(kinds) == set(Kind)
    assert kinds[Kind.CREATED] > 100


def _counts(kind: Kind) -> tuple[int, int, int]:
    return COUNTS.get(kind, (0, 0, 0))
