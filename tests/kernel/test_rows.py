"""Rows in memory and the rest of them in the table: whoever looks sees one state."""

from collections.abc import Iterator

import msgspec
import pytest
from django.db import connection, transaction

from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Table
from tests.kernel.jars import as_owner

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("table")]


class PlaceCells(msgspec.Struct):
    """A place on a shelf."""

    shelf: int
    place: int
    taken: bool = True
    times: int = 0


PLACES = Table("tests_place", PlaceCells, key=("shelf", "place"), grouped=True)
CLEAR = "UPDATE tests_place SET taken = false WHERE shelf = %s"


@pytest.fixture
def table(databases: object) -> Iterator[None]:
    """Two places, both taken."""
    del databases
    with as_owner() as owner:
        owner.execute(
            "CREATE TABLE tests_place (shelf int, place int, taken boolean, times int,"
            " PRIMARY KEY (shelf, place))"
        )
        owner.execute("INSERT INTO tests_place VALUES (1, 1, true, 0), (1, 2, true, 0)")
    yield
    connection.close()
    with as_owner() as owner:
        owner.execute("DROP TABLE tests_place")


def test_a_row_that_is_loaded_later_was_changed_with_its_group() -> None:
    """A rebuild folds page after page before it writes."""
    rows = Rows([PLACES])
    with transaction.atomic():
        rows.load([(PLACES, (1, 1))])
        for place in rows[PLACES].change_group(1, elsewhere=CLEAR):
            place.taken = False
        rows.load([(PLACES, (1, 2))])
        later = rows[PLACES].change((1, 2))
        assert later is not None
        later.times += 1
        rows.write()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tests_place ORDER BY place")
        assert cursor.fetchall() == [(1, 1, False, 0), (1, 2, False, 1)]
