"""The connection that appends: one for a process, made again when it is lost."""

import select
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

import psycopg
from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError
from psycopg.abc import RV, PQGen
from psycopg.errors import DeadlockDetected, LockNotAvailable, _WaitTimeout
from psycopg.rows import TupleRow, tuple_row

from spaces_project.kernel.log.appends import CALL, Append, Place, as_arguments, by_append

# Every row that log_append touches is found by an index, however small the tables are when it is
# planned, and it is planned once. As settings of the function these would cost a sixth of its time.
PLANNING: Final = (
    b"SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
    b" SET enable_hashjoin = off; SET enable_mergejoin = off"
)
ANSWER_S: Final = 7.0  # the server itself gives up after 5 (kernel/time_limits.py), if it runs


class BoundedConnection(psycopg.Connection[TupleRow]):
    """Breaks when the server does not answer: one that is stopped does not end its statements."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer.

        :raises psycopg.OperationalError: after seven seconds; the connection is of no more use.
        """
        try:
            return super().wait(gen, interval, timeout or ANSWER_S)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from error


class Clash(IntegrityError):
    """Another process stored the same at the same moment: nothing of the call is stored."""


class Stuck(OperationalError):
    """Another transaction holds a row for too long: nothing of the call is stored."""


class LogWriter:
    """Calls ``log_append`` on a connection of its own. Not for two threads at once.

    :param connect: makes a connection that commits by itself.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[TupleRow]]) -> None:
        self._connect = connect
        self._connection: psycopg.Connection[TupleRow] | None = None
        self._cursor: psycopg.Cursor[TupleRow]
        self._news = select.poll()

    def store(self, appends: Sequence[Append]) -> list[list[Place] | None]:
        """Store groups in one transaction; return the places of each, None where it conflicts.

        :raises Clash: if nothing is stored, because another transaction was in the way.
        :raises Stuck: if nothing is stored, because another transaction does not end.
        :raises OperationalError: if the outcome is unknown.
        """
        arguments = as_arguments(appends)
        try:
            row = self._ready().execute(CALL, arguments, prepare=True).fetchone()
        except (psycopg.IntegrityError, DeadlockDetected) as error:
            raise Clash(str(error)) from error
        except LockNotAvailable as error:
            raise Stuck(str(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise OperationalError(str(error)) from error
        except psycopg.Error as error:
            raise PersistenceError(str(error)) from error
        except BaseException:
            self.close()  # interrupted: whatever it waits for is not for the next caller
            raise
        assert row is not None
        return by_append(appends, *row)

    def close(self) -> None:
        """Close the connection; the next append makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ready(self) -> psycopg.Cursor[TupleRow]:
        connection = self._connection
        # Something to read before anything was asked: the server has said farewell.
        if connection is None or connection.closed or self._news.poll(0):
            self.close()
            connection = self._connect()
            with ExitStack() as unless_ready:
                unless_ready.callback(connection.close)
                connection.execute(PLANNING)
                self._cursor = connection.cursor(row_factory=tuple_row, binary=True)
                self._news = select.poll()
                self._news.register(connection.fileno(), select.POLLIN)
                unless_ready.pop_all()
            self._connection = connection
        return self._cursor
