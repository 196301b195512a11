"""A connection that listens and reads: whoever is woken by it reads at once, on the same thread."""

import select
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from psycopg import Connection, OperationalError, sql
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from spaces_project.kernel.listener import APPLICATION
from spaces_project.kernel.log.horizon import Rows
from spaces_project.kernel.log.writer import ANSWER_S

WAKE_UPS: Final = 4096  # bytes: so many at once are taken for one


class Bell:
    """Wakes a thread that waits for a connection; anybody may ring."""

    def __init__(self) -> None:
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)

    def fileno(self) -> int:
        """Return what becomes readable."""
        return self._inside.fileno()

    def ring(self) -> None:
        """Wake whoever waits, or waits next."""
        with suppress(BlockingIOError):  # it has been rung often enough
            self._outside.send(b"!")

    def still(self) -> None:
        """Take note of having been woken."""
        with suppress(BlockingIOError):
            self._inside.recv(WAKE_UPS)


class LiveConnection:
    """Listens to a channel from now on, and reads; for one thread.

    A notification is a hint: one more may come for what has been read already. Questions go to
    libpq without a cursor between: where a process has other things to do meanwhile, each step of
    ours waits for memory, and a cursor has some forty.

    :param connection: commits by itself.
    """

    def __init__(self, connection: Connection[TupleRow], channel: str, bell: Bell) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._prepared: dict[str, bytes] = {}
        self._loads = Transformer(connection)
        self._bell = bell
        self._fd = connection.fileno()
        self._answers = select.poll()
        self._answers.register(self._fd, select.POLLIN)
        self._news = select.poll()
        self._news.register(self._fd, select.POLLIN)
        self._news.register(bell.fileno(), select.POLLIN)
        connection.execute(sql.SQL("SET application_name = {}").format(APPLICATION))
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

    def fetch(self, query: str, arguments: Sequence[int]) -> Rows:
        """Return the rows that answer a question whose arguments are numbers.

        :raises psycopg.OperationalError: if the server is gone, or does not answer in time.
        """
        name = self._prepared.get(query) or self._prepare(query, len(arguments))
        binary = [Format.BINARY] * len(arguments)
        packed = [number.to_bytes(8, "big", signed=True) for number in arguments]
        self._pgconn.send_query_prepared(name, packed, binary, Format.BINARY)
        if self._pgconn.flush():
            raise OperationalError("the server takes no questions")
        result = self._answer()
        assert result is not None
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
        while self._answer() is not None:
            pass
        self._loads.set_pgresult(result)
        return self._loads.load_rows(0, result.ntuples, tuple)

    def wait(self, within_s: float) -> None:
        """Return when there was a notification since the last return, a ring, or time is over.

        :raises psycopg.OperationalError: if the connection is lost.
        """
        if not self._was_notified():  # behind the last answer: libpq has it, no poll tells
            for fd, _ in self._news.poll(within_s * 1000):
                if fd == self._fd:
                    self._pgconn.consume_input()
                else:
                    self._bell.still()
            self._was_notified()

    def _was_notified(self) -> bool:
        found = False
        while self._pgconn.notifies():
            found = True
        return found

    def _answer(self) -> PGresult | None:
        while self._pgconn.is_busy():
            if not self._answers.poll(ANSWER_S * 1000):
                self._pgconn.finish()
                raise OperationalError("the server does not answer")
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    def _prepare(self, query: str, arguments: int) -> bytes:
        name = f"live_{len(self._prepared)}"
        numbered = query.replace("%b", "${}").format(*range(1, arguments + 1))
        types = ", ".join(["bigint"] * arguments)
        self._connection.execute(f"PREPARE {name} ({types}) AS {numbered}".encode())
        self._prepared[query] = name.encode()
        return self._prepared[query]
