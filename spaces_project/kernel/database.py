"""PostgreSQL beside Django's ORM: quick reads on its connection, and pools of our own.

Pools fail fast and never wait for ever.
"""

from collections.abc import Mapping
from typing import Any, Final, LiteralString
from uuid import UUID

from django.db import connection, connections
from psycopg import Connection, Cursor
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

POOL_WAIT_S: Final = 5.0
QUEUES: Final = 8818  # the namespace of these locks; the leases have the one before
WATCHED: Final = {
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,  # ms
}
SERVER_WATCHES: Final = {
    "tcp_keepalives_idle": 2,
    "tcp_keepalives_interval": 1,
    "tcp_keepalives_count": 3,
}


def connection_parameters(alias: str = "default") -> dict[str, Any]:
    """Return libpq's parameters of a configured database, the test one under test.

    The time limits are among them, and whatever else its URL says, e.g. ``sslmode``.
    """
    configured = connections[alias].settings_dict
    parameters = {
        "dbname": configured["NAME"],
        "host": configured["HOST"],
        "port": str(configured["PORT"]),
        "user": configured["USER"],
        "password": configured["PASSWORD"],
        **configured["OPTIONS"],
    }
    return {name: value for name, value in parameters.items() if value}


def connection_string(alias: str = "default") -> str:
    """Return the connection string of a configured database, with the time limits."""
    return make_conninfo("", **connection_parameters(alias))


def connect_watched(name: str) -> Connection[TupleRow]:
    """Return an autocommit connection whose loss is noticed within five seconds by either side.

    :param name: what ``pg_stat_activity`` calls it.
    """
    connection = Connection.connect(
        make_conninfo(connection_string(), application_name=name, **WATCHED), autocommit=True
    )
    for setting, value in SERVER_WATCHES.items():
        connection.execute(f"SET {setting} = {value}".encode())
    return connection


def open_pool(alias: str, *, most: int) -> ConnectionPool[Connection[TupleRow]]:
    """Return an open pool of autocommit connections; whoever uses it copes with dead ones."""
    return ConnectionPool(
        connection_string(alias),
        min_size=0,
        max_size=most,
        timeout=POOL_WAIT_S,
        kwargs={"autocommit": True},
        open=True,
        name=f"spaces-{alias}",
    )


def rows(query: LiteralString, arguments: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return what a query finds, read on this thread's connection of Django.

    Prepared on the server and in binary: composing and reading a query by the ORM costs five
    times as much as the query itself.

    :raises django.db.Error: as the ORM does.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Cursor[tuple[Any, ...]] = Cursor(connection.connection)
        return cursor.execute(query, arguments, prepare=True, binary=True).fetchall()


def one_at_a_time(subject: UUID) -> None:
    """Let nobody else pass here for the same subject until this transaction ends.

    For limits that count rows: whoever counts at the same moment would not see the other's row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [QUEUES, str(subject)])
