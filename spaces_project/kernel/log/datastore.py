"""The log's connections: bounded in number and in time."""

from collections.abc import Callable
from typing import Any, Final

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow

from spaces_project.kernel.database import connection_parameters

POOL_SIZE: Final = 2
MOST_CONNECTIONS: Final = 12
WAIT_S: Final = 5.0


class LogDatastore(PostgresDatastore):
    """The library's datastore with time limits on every statement, lock and idle transaction."""

    def __init__(self) -> None:
        found = connection_parameters()
        super().__init__(
            dbname=found["dbname"],
            host=found.get("host", ""),
            port=found.get("port", ""),
            user=found.get("user", ""),
            password=found.get("password", ""),
            connect_timeout=WAIT_S,
            pool_size=POOL_SIZE,
            max_overflow=MOST_CONNECTIONS - POOL_SIZE,
        )
        # All that the configuration says, the time limits included, not only what fits above.
        self.pool.kwargs = {**self.pool.kwargs, **found}  # type: ignore[dict-item]

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """Return what prepares each new connection; the limits came with it."""

        def after_connect(connection: Connection[DictRow]) -> None:
            connection.autocommit = True

        return after_connect
