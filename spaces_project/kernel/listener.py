"""The one connection of a process that listens: a NOTIFY costs its sender by those who do."""

import logging
import os
import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psycopg
from psycopg import sql

from spaces_project.kernel.database import connect_watched

log = logging.getLogger(__name__)

CHECK_S: Final = 5.0  # between looks whether a silent connection is alive
SHORTEST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0
APPLICATION: Final = "spaces listener"  # what pg_stat_activity calls it

Heard = Callable[[str], None]


class Listener:
    """Hears PostgreSQL's notifications for everybody in the process, and sends the process's own.

    Its thread runs while somebody is subscribed. A notification is a hint: it may be lost with the
    connection, so whoever subscribes must look by himself now and then. After every connect each
    subscriber is told ``""``, whatever it may have missed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: dict[str, list[Heard]] = {}
        self._outgoing: dict[tuple[str, str], str] = {}
        self._thread: threading.Thread | None = None
        self._wake_r, self._wake_w = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @contextmanager
    def subscribed(self, channel: str, heard: Heard) -> Iterator[None]:
        """Have ``heard`` called with each payload, on the listener's thread, inside the block."""
        self.subscribe(channel, heard)
        try:
            yield
        finally:
            self.unsubscribe(channel, heard)

    def subscribe(self, channel: str, heard: Heard) -> None:
        """Have ``heard`` called with each payload from now on; it must be quick."""
        with self._lock:
            self._subscribers.setdefault(channel, []).append(heard)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
                self._thread.start()
        self._wake()

    def unsubscribe(self, channel: str, heard: Heard) -> None:
        """Call it no more."""
        with self._lock:
            those = self._subscribers[channel]
            those.remove(heard)
            if not those:
                del self._subscribers[channel]
        self._wake()

    def notify(self, channel: str, key: str, value: str) -> None:
        """Send ``key:value`` soon; of several values of a key that wait, the newest is sent.

        Nothing is sent while nobody here listens.
        """
        with self._lock:
            if self._thread is None:
                return
            self._outgoing[channel, key] = value
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # the pipe is full of wake-ups
            os.write(self._wake_w, b"!")

    def _run(self) -> None:
        pause_s, lost = SHORTEST_PAUSE_S, False
        while self._is_wanted():
            try:
                with connect_watched(APPLICATION) as connection:
                    if lost:
                        log.info("listening again")
                    pause_s, lost = SHORTEST_PAUSE_S, False
                    self._listen(connection)
            except Exception as error:
                if not lost:
                    known = isinstance(error, psycopg.OperationalError)
                    log.warning("cannot listen: %s; trying", error, exc_info=not known)
                lost = True
                time.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _is_wanted(self) -> bool:
        with self._lock:
            mine = self._thread is threading.current_thread()
            if mine and not self._subscribers:
                self._thread = None
                self._outgoing.clear()
                return False
            return mine

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute("SET synchronous_commit = off")  # a NOTIFY needs no disk
        heard_of: frozenset[str] = frozenset()
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        poll.register(self._wake_r, select.POLLIN)
        while self._is_wanted():
            heard_of = self._keep_up(connection, heard_of)
            self._send(connection)
            self._tell(connection)  # before it sleeps: some may have come with an answer
            if not poll.poll(CHECK_S * 1000):
                connection.execute("SELECT 1")
            with suppress(BlockingIOError):  # it was the connection that had something to say
                os.read(self._wake_r, 65536)

    def _keep_up(self, connection: psycopg.Connection, known: frozenset[str]) -> frozenset[str]:
        """Listen to what is wanted by now."""
        with self._lock:
            wanted = frozenset(self._subscribers)
        for channel in known - wanted:
            connection.execute(sql.SQL("UNLISTEN {}").format(sql.Identifier(channel)))
        for channel in wanted - known:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._call(channel, "")
        return wanted

    def _send(self, connection: psycopg.Connection) -> None:
        with self._lock:
            outgoing, self._outgoing = self._outgoing, {}
        if outgoing:
            channels = [channel for channel, _ in outgoing]
            payloads = [f"{key}:{value}" for (_, key), value in outgoing.items()]
            connection.execute(
                "SELECT pg_notify(c, p) FROM unnest(%b::text[], %b::text[]) AS u (c, p)",
                (channels, payloads),
                prepare=True,
            )

    def _tell(self, connection: psycopg.Connection) -> None:
        # The same words twice say no more than once.
        told = dict.fromkeys((n.channel, n.payload) for n in connection.notifies(timeout=0))
        for channel, payload in told:
            self._call(channel, payload)

    def _call(self, channel: str, payload: str) -> None:
        with self._lock:
            those: Iterable[Heard] = list(self._subscribers.get(channel, ()))
        for heard in those:
            heard(payload)


_listeners: dict[int, Listener] = {}


def listener() -> Listener:
    """Return this process's listener; a process that was forked has one of its own."""
    found = _listeners.get(os.getpid())
    return found or _listeners.setdefault(os.getpid(), Listener())
