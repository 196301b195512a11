"""The log's connections: bounded in number and in time, and a process's own after a fork."""

import os
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakSet

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, TupleRow

from spaces_project.kernel.database import connection_parameters
from spaces_project.kernel.log.writer import BoundedConnection

POOL_SIZE: Final = 2
MOST_CONNECTIONS: Final = 12
OUTSIDE_THE_POOL: Final = 3  # one appends, one says NOTIFY, one feeds what is live
WAIT_S: Final = 5.0


class LogDatastore(PostgresDatastore):
    """The library's datastore with time limits on every statement, lock and idle transaction."""

    def __init__(self) -> None:
        self._open_pool()
        self.begun_anew: list[Callable[[], None]] = []
        self.closed: list[Callable[[], None]] = []
        _datastores.add(self)

    def connect(self) -> Connection[TupleRow]:
        """Return a connection outside the pool that commits by itself and breaks in time."""
        return BoundedConnection.connect(**self._parameters, autocommit=True)

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """Return what prepares each new connection; the limits came with it."""

        def after_connect(connection: Connection[DictRow]) -> None:
            connection.autocommit = True

        return after_connect

    def begin_anew(self) -> None:
        """Let go of the parent's connections after a fork, without a word on them."""
        _of_the_parent.append(self.pool)
        self._open_pool()
        for begin in self.begun_anew:
            begin()

    def close(self) -> None:
        """Close the pool and what else is connected."""
        super().close()
        for close in getattr(self, "closed", ()):
            close()

    def _open_pool(self) -> None:
        found = self._parameters = connection_parameters()
        super().__init__(
            dbname=found["dbname"],
            host=found.get("host", ""),
            port=found.get("port", ""),
            user=found.get("user", ""),
            password=found.get("password", ""),
            connect_timeout=WAIT_S,
            pool_size=POOL_SIZE,
            max_overflow=MOST_CONNECTIONS - OUTSIDE_THE_POOL - POOL_SIZE,
        )
        # All that the configuration says, the time limits included, not only what fits above.
        self.pool.kwargs = {**self.pool.kwargs, **found}  # type: ignore[dict-item]
        self.pool.connection_class = BoundedConnection  # type: ignore[assignment]


_datastores: WeakSet[LogDatastore] = WeakSet()
_of_the_parent: list[object] = []  # kept: whoever collects them would hang up on the parent


def _begin_anew() -> None:
    for datastore in list(_datastores):
        datastore.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
