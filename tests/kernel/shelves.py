"""Two read models of the small domain: one that folds rows, one that writes a row per event."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import connections

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following.pipeline import write
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import FoldReadModel, ReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded
from tests.kernel.jars import JarShut, MarbleAdded, add, as_owner, shut

TABLES = """
CREATE TABLE tests_jar (
    jar_id uuid PRIMARY KEY, marbles integer NOT NULL CHECK (marbles >= 0), colours jsonb NOT NULL,
    last_colour varchar(8) NOT NULL, is_shut boolean NOT NULL DEFAULT false
) WITH (fillfactor = 60);
CREATE INDEX tests_jar_by_marbles ON tests_jar (marbles DESC) WHERE NOT is_shut;
CREATE INDEX tests_jar_red ON tests_jar ((last_colour || ' USING ')) WHERE last_colour LIKE 'r%';
CREATE TABLE tests_marble (position bigint, jar_id uuid NOT NULL);
CREATE TABLE tests_marble_count (one integer UNIQUE, marbles bigint NOT NULL);
"""


class JarCells(msgspec.Struct):
    """A row of ``tests_jar``."""

    jar_id: UUID
    marbles: int
    colours: list[str]
    last_colour: str
    is_shut: bool = False


JARS = Table("tests_jar", JarCells, key=("jar_id",), documents=("colours",))


class Shelf(FoldReadModel):
    """One row per jar."""

    name = "tests_shelf"
    folded = (JARS,)
    listen_to = (MarbleAdded, JarShut)
    refused: str | None = None

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        yield JARS, recorded.event.originator_id

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        happened = recorded.event
        jar = rows[JARS].change(happened.originator_id)
        if jar is None:
            jar = JarCells(happened.originator_id, 0, [], "")
            rows[JARS].add(jar.jar_id, jar)
        if isinstance(happened, MarbleAdded):
            jar.marbles += 1
            if happened.colour == self.refused:
                raise ValueError("no such colour")
            jar.colours.append(happened.colour)
            jar.last_colour = happened.colour
        else:
            jar.is_shut = True


class Marbles(ReadModel):
    """One row per event, and would write a second one if asked twice: no key forbids it."""

    name = "tests_marbles"
    tables = ("tests_marble", "tests_marble_count")
    listen_to = (MarbleAdded,)
    only_writes = True

    def apply(self, recorded: Recorded) -> None:
        happened = recorded.event
        write(
            "INSERT INTO tests_marble VALUES (%s, %s)", (recorded.position, happened.originator_id)
        )
        write(
            "INSERT INTO tests_marble_count VALUES (1, 1) ON CONFLICT (one)"
            " DO UPDATE SET marbles = tests_marble_count.marbles + 1"
        )


@contextmanager
def shelf_tables() -> Iterator[None]:
    """The tables of both, for the length of a block."""
    with as_owner() as owner:
        owner.execute(TABLES)
    try:
        yield
    finally:
        connections.close_all()  # a kill may have met this thread's own
        with as_owner() as owner:
            for table in (*Shelf.tables, *Marbles.tables):
                owner.execute(f"DROP TABLE IF EXISTS {table} CASCADE".encode())


def rows_of(*models: ReadModel | type[ReadModel]) -> dict[str, list[str]]:
    """Return every row as PostgreSQL writes it, by a connection of its own."""
    with psycopg.connect(connection_string()) as looker:
        return {
            table: [
                row
                for (row,) in looker.execute(
                    f"SELECT t::text FROM {table} t ORDER BY 1".encode()  # noqa: S608
                )
            ]
            for model in models
            for table in model.tables
        }


def shadows() -> list[str]:
    """Return the schemas that rebuilds have left."""
    with psycopg.connect(connection_string()) as looker:
        found = looker.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%'")
        return [name for (name,) in found]


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


def in_thread(do: Callable[[], object]) -> bool:
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
