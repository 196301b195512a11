"""Django's own connection as psycopg has it: many statements a round trip, prepared ones.

Django's cursors put arguments into the statement's text and wait for each answer. What is sent
from here runs in the same transaction as everything else of that connection.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection

PREPARED_FROM: Final = 2  # the second time that a statement is sent it is worth preparing


@contextmanager
def pipelined() -> Iterator[None]:
    """Let answers come when all statements have been sent.

    Django's own ``save`` and ``update`` look at each answer at once: they do not belong inside.

    :raises django.db.Error: at the end of the block, if any statement failed.
    """
    with connection.wrap_database_errors, _psycopg().pipeline():
        yield


def send(statement: str, arguments: tuple[Any, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Send a statement; inside :func:`pipelined` its answer is there only behind the block."""
    with connection.wrap_database_errors:
        return psycopg.Cursor(_psycopg()).execute(statement.encode(), arguments)


def copy_in(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Fill a table from rows, by its ``COPY … FROM STDIN``."""
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(_psycopg()) as cursor,
        cursor.copy(statement.encode()) as copied,
    ):
        for row in rows:
            copied.write_row(row)


def _psycopg() -> "psycopg.Connection[tuple[Any, ...]]":
    connection.ensure_connection()
    found: psycopg.Connection[tuple[Any, ...]] = connection.connection
    if found.prepare_threshold is None:
        found.prepare_threshold = PREPARED_FROM
    return found
