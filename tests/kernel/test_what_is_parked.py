"""What counts as poison: what will not pass by itself, and not too much of it."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError
from django.db.utils import IntegrityError

from spaces_project.kernel.following import dead_letters, poison
from spaces_project.kernel.following.dead_letters import TooManyDeadLetters, count
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded
from tests.kernel.jars import add, stored
from tests.kernel.poison import POISON, Shelf, follow, in_log, on_shelf, shelf_table

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelf")]


@pytest.fixture
def shelf(databases: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The table of marbles; nothing is tried for long."""
    del databases
    monkeypatch.setattr(poison, "PAUSES_S", (0.0, 0.0))
    with shelf_table():
        yield


@pytest.mark.parametrize(
    "lost", [OperationalError("gone"), MemoryError(), psycopg.InterfaceError()]
)
def test_what_will_pass_parks_nothing(lost: Exception) -> None:
    class Unlucky(Shelf):
        def apply(self, recorded: Recorded) -> None:
            del recorded
            raise lost

    add(jar_id=new_id())

    with pytest.raises(type(lost)):
        project(Unlucky())

    assert count() == {}
    assert positions().get(Shelf.name, 0) == 0


def test_an_error_that_comes_once_parks_nothing() -> None:
    class Clumsy(Shelf):
        failures = 2

        def apply(self, recorded: Recorded) -> None:
            super().apply(recorded)
            if self.failures:
                self.failures -= 1
                raise IntegrityError("once more, please")

    add(jar_id=new_id())
    follow(Clumsy())

    assert count() == {}
    assert on_shelf() == in_log()


def test_a_follower_that_fails_everywhere_stops_instead_of_parking_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dead_letters, "MOST_PARKED", 4)
    for _ in range(6):
        add(jar_id=new_id(), colour=POISON)

    with pytest.raises(TooManyDeadLetters):
        follow(Shelf(), limit=1)

    assert count() == {Shelf.name: 4}
    assert positions()[Shelf.name] == stored()[3].position
