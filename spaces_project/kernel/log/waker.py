"""NOTIFY after the commit, on a connection of its own: nobody who appends waits for it.

Inside the transaction it would take a lock of the whole cluster until the flush to disk. A wake-up
is a hint without content: one that is lost is only a delay, for followers also look by themselves.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import psycopg
from psycopg.rows import TupleRow

log = logging.getLogger(__name__)

SHORTEST_GAP_S: Final = 0.002  # what is stored meanwhile is told with the next one
PAUSE_S: Final = 0.5
STOPS_WITHIN_S: Final = 1.0


class Waker:
    """Says that something was stored, soon after, at most once in two milliseconds.

    :param connect: makes a connection that commits by itself.
    """

    def __init__(self, channel: str, connect: Callable[[], psycopg.Connection[TupleRow]]) -> None:
        self._notify = f"NOTIFY {channel}".encode()
        self._connect = connect
        self._due = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have it said; never fails, never waits. For one thread at a time."""
        self._due.set()
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="log waker", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # no more threads to be had, or the process ends
                log.warning("nobody is woken: %s", error)
            else:
                self._thread = thread

    def stop(self) -> None:
        """Say what is still due, then no more; the next :meth:`wake` begins anew."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping = True
            self._due.set()
            thread.join(STOPS_WITHIN_S)
            self._stopping = False

    def _run(self) -> None:
        connection: psycopg.Connection[TupleRow] | None = None
        while True:
            self._due.wait()
            self._due.clear()
            ending = self._stopping
            try:
                connection = connection or self._open()
                connection.execute(self._notify)
            except Exception as error:  # noqa: BLE001 - it outlives whatever breaks
                log.warning("followers are not woken: %s", error)
                if connection is not None:
                    connection.close()
                    connection = None
                self._due.set()  # those who wait for this one are told later
            if ending:
                break
            time.sleep(SHORTEST_GAP_S if connection is not None else PAUSE_S)
        if connection is not None:
            connection.close()

    def _open(self) -> psycopg.Connection[TupleRow]:
        connection = self._connect()
        # A wake-up that a power cut takes away wakes nobody who is not looking anyway.
        connection.execute("SET synchronous_commit = off")
        return connection
