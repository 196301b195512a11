"""Django's own connection as psycopg has it: many statements a round trip, prepared ones.

Django's cursors put arguments into the statement's text and wait for each answer. What is sent
from here runs in the same transaction as everything else of that connection.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import psycopg
from django.db import connection

PREPARED_FROM: Final = 2  # the second time that a statement is asked it is worth preparing
AT_ONCE: Final = 50  # statements in one system call
Arguments = tuple[Any, ...]
Cursor = psycopg.Cursor[tuple[Any, ...]]


class _Post(psycopg.Cursor[Arguments]):
    """Puts statements into the pipeline's queue and sends them by the dozen.

    psycopg sends each by itself: a system call here and a process woken there for every statement,
    which together take longer than the statement. The hooks are those of psycopg 3.3.9, pinned, and
    ``tests/kernel/test_pipeline.py`` asks for each.
    """

    def __init__(self, connection: "psycopg.Connection[Arguments]") -> None:
        super().__init__(connection)
        self._prepared: dict[str, Any] = {}
        self._waiting = 0

    def post(self, statement: str, arguments: Arguments) -> None:
        """Queue a statement."""
        if not self._prepared:
            self._conn.wait(self._start_query())  # begins the transaction, if need be
        query = self._prepared.get(statement)
        if query is None:
            query = self._prepared[statement] = self._convert_query(_query(statement), arguments)
        else:
            query.dump(arguments)
        deque(self._maybe_prepare_gen(query, prepare=True), maxlen=0)  # nothing to wait for
        self._waiting += 1
        if self._waiting >= AT_ONCE:
            self.hand_over()

    def hand_over(self) -> None:
        """Send what is queued, and take in whatever answers are there."""
        self._waiting = 0
        pipeline = self._conn._pipeline
        assert pipeline is not None
        self._conn.wait(pipeline._communicate_gen())

    def _set_results(self, results: Any) -> None:
        """Keep no answer: errors were found before this."""


class _Here(threading.local):
    """The cursor of this thread's pipeline, while there is one."""

    cursor: _Post | None = None


_here = _Here()


@contextmanager
def pipelined() -> Iterator[None]:
    """Let answers come when all statements have been sent.

    Django's own ``save`` and ``update`` look at each answer at once: they do not belong inside.

    :raises django.db.Error: at the end of the block, if any statement failed.
    """
    raw = _psycopg()
    outer = _here.cursor
    with connection.wrap_database_errors, _first_error(), raw.pipeline():
        _here.cursor = _Post(raw)
        try:
            yield
        finally:
            _here.cursor = outer


@contextmanager
def _first_error() -> Iterator[None]:
    """Raise what failed, not that the statements behind it were left out.

    psycopg raises the latter when it comes in another piece of the server's answer.
    """
    try:
        yield
    except psycopg.errors.PipelineAborted as left_out:
        if isinstance(left_out.__context__, psycopg.Error):
            raise left_out.__context__ from None
        raise


def write(statement: str, arguments: Arguments = ()) -> None:
    """Send a statement whose answer nobody needs, down the pipeline if there is one.

    It runs once for each event of a plain read model: looking up Django's connection and making a
    cursor would take longer than all the rest.
    """
    if _here.cursor is None:
        send(statement, arguments)
    else:
        _here.cursor.post(statement, arguments)


def send(statement: str, arguments: Arguments = ()) -> Cursor:
    """Send a statement; inside :func:`pipelined` its answer is there only behind the block."""
    with connection.wrap_database_errors:
        return psycopg.Cursor(_psycopg()).execute(_query(statement), arguments)


def copy_in(statement: str, rows: Iterable[Arguments]) -> None:
    """Fill a table from rows, by its ``COPY … FROM STDIN``."""
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(_psycopg()) as cursor,
        cursor.copy(_query(statement)) as copied,
    ):
        for row in rows:
            copied.write_row(row)


@lru_cache(maxsize=256)
def _query(statement: str) -> bytes:
    return statement.encode()


def _psycopg() -> "psycopg.Connection[tuple[Any, ...]]":
    connection.ensure_connection()
    found: psycopg.Connection[tuple[Any, ...]] = connection.connection
    if found.prepare_threshold is None:
        found.prepare_threshold = PREPARED_FROM
    return found
