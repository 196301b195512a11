"""Connections to PostgreSQL outside Django's own: pools that fail fast and never wait for ever."""

from typing import Any, Final

from django.db import connections
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

CONNECT_S: Final = 3
POOL_WAIT_S: Final = 5.0
LIMITS: Final = (
    "-c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=5s"
)


def connection_parameters(alias: str = "default") -> dict[str, Any]:
    """Return libpq's parameters of a configured database, the test one under test."""
    configured = connections[alias].settings_dict
    parameters = {
        "dbname": configured["NAME"],
        "host": configured["HOST"] or None,
        "port": str(configured["PORT"]) if configured["PORT"] else None,
        "user": configured["USER"] or None,
        "password": configured["PASSWORD"] or None,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def connection_string(alias: str = "default", options: str = LIMITS) -> str:
    """Return the connection string of a configured database, with the time limits."""
    return make_conninfo(
        "", **connection_parameters(alias), connect_timeout=CONNECT_S, options=options
    )


def open_pool(alias: str, *, most: int) -> ConnectionPool[Connection[TupleRow]]:
    """Return an open pool of autocommit connections; dead ones are replaced on check-out."""
    return ConnectionPool(
        connection_string(alias),
        min_size=0,
        max_size=most,
        timeout=POOL_WAIT_S,
        kwargs={"autocommit": True},
        check=ConnectionPool.check_connection,
        open=True,
        name=f"spaces-{alias}",
    )
