"""The read models' tables as bytes, and whether they know the whole log."""

from typing import Final

import psycopg
from psycopg import sql

from spaces_project.wiring import policies, read_models

KEY: Final = """
SELECT a.attname FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY k.place
"""
HEAD: Final = "SELECT coalesce(max(notification_id), 0) FROM log_events"
CONNECT_S: Final = 2


def caught_up(url: str) -> tuple[int | None, bool]:
    """Return the end of the log, None if nobody answers, and whether every follower is there."""
    names = {*(each.name for each in read_models()), *(each.name for each in policies())}
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_S) as connection:
            row = connection.execute(HEAD).fetchone()
            found = connection.execute("SELECT name, position FROM log_positions").fetchall()
    except psycopg.OperationalError:
        return None, False
    head = int(row[0]) if row else 0
    reached: dict[str, int] = dict(found)
    return head, all(reached.get(name, 0) >= head for name in names)


def dump_views(url: str) -> dict[str, bytes]:
    """Return every table of the read models, byte for byte, in the order of its primary key."""
    with psycopg.connect(url) as connection:
        tables = [table for each in read_models() for table in each.tables]
        return {table: _dump(connection, table) for table in tables}


def _dump(connection: psycopg.Connection, table: str) -> bytes:
    key = [sql.Identifier(name) for (name,) in connection.execute(KEY, (table,))]
    assert key, f"{table} has no primary key"
    rows = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(key)
    )
    with connection.cursor() as cursor, cursor.copy(rows) as copied:
        return b"".join(copied)
