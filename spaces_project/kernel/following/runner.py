"""The supervised runner: one leader for each follower, others stand by."""

import logging
import threading
import zlib
from collections.abc import Callable
from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError, connections
from psycopg.errors import UndefinedTable

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following.projector import Projector
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.log.recorder import CHANNEL

log = logging.getLogger(__name__)

LEASES: Final = 8817  # the namespace of our advisory locks
CHECK_S: Final = 1.0
STAND_BY_S: Final = 0.25
SHORTEST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 10.0
LOST: Final = (psycopg.OperationalError, OperationalError, InterfaceError)


class FollowerThread(threading.Thread):
    """Follows the log with one read model or policy while it holds the lease.

    The lease is an advisory lock on the connection that also listens: when this process or its
    connection dies, PostgreSQL gives the lease to whoever stands by.
    """

    def __init__(self, follower: ReadModel | Policy) -> None:
        super().__init__(name=f"follower {follower.name}", daemon=True)
        self.follower = follower
        self.caught_up = threading.Event()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end after the current transaction."""
        self._stopped.set()

    def run(self) -> None:
        """Follow until stopped; whatever breaks is logged and tried again after a pause."""
        pause = SHORTEST_PAUSE_S
        while not self._stopped.is_set():
            try:
                self._lead()
                pause = SHORTEST_PAUSE_S
            except Exception as error:  # noqa: BLE001 - a follower outlives whatever breaks
                self._log(error)
                self._stopped.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            finally:
                connections.close_all()

    def _lead(self) -> None:
        with psycopg.connect(connection_string(), autocommit=True) as lease:
            while not self._stopped.is_set():
                if _try_lease(lease, self.follower.name):
                    lease.execute(f"LISTEN {CHANNEL}")
                    self._follow(lease)
                    return
                self._stopped.wait(STAND_BY_S)

    def _follow(self, lease: psycopg.Connection) -> None:
        step = self._step()
        while not self._stopped.is_set():
            while step() and not self._stopped.is_set():
                pass
            self.caught_up.set()
            for _ in lease.notifies(timeout=CHECK_S, stop_after=1):
                pass
            lease.execute("SELECT 1")  # the lease is worth only as much as its connection

    def _step(self) -> Callable[[], int]:
        follower = self.follower
        if isinstance(follower, ReadModel):
            return Projector(follower).step
        return lambda: react(follower)

    def _log(self, error: Exception) -> None:
        lost = isinstance(error, (*LOST, UndefinedTable))
        log.warning("%s: %s; trying again", self.name, error, exc_info=None if lost else error)


def _try_lease(lease: psycopg.Connection, name: str) -> bool:
    key = zlib.crc32(name.encode()) - 2**31
    row = lease.execute("SELECT pg_try_advisory_lock(%s, %s)", (LEASES, key)).fetchone()
    return bool(row and row[0])
