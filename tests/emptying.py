"""Empty a database between two tests: only the tables that something was written to."""

import psycopg

TRIES = 5
# A file that has grown also tells of what was undone or deleted, and asking for it reads no row.
WRITTEN_TO = """
SELECT format('%I.%I', nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND relpersistence <> 't' AND relname <> 'django_migrations'
  AND nspname NOT IN ('pg_catalog', 'information_schema') AND pg_relation_size(pg_class.oid) > 0
"""
RESTART_SEQUENCES = """
SELECT setval(seqrelid, seqstart, false) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
  AND seqrelid <> 'django_migrations_id_seq'::regclass
"""
_connections: dict[str, psycopg.Connection] = {}


def empty(url: str) -> None:
    """Empty every table but the list of migrations, and let every sequence begin anew."""
    for left in reversed(range(TRIES)):
        try:
            _empty(_connection(url))
            return
        # A thread that writes by itself (who is connected) may stand in the way, the other way;
        # a test may have ended every connection of the server, also this one.
        except (psycopg.errors.DeadlockDetected, psycopg.OperationalError):
            if not left:
                raise


def disconnect() -> None:
    """Close the connections that :func:`empty` keeps, one for each database."""
    while _connections:
        _connections.popitem()[1].close()


def _empty(connection: psycopg.Connection) -> None:
    if tables := connection.execute(WRITTEN_TO).fetchall():
        names = ", ".join(name for (name,) in tables)
        connection.execute(f"TRUNCATE {names} CASCADE".encode())
    connection.execute(RESTART_SEQUENCES)


def _connection(url: str) -> psycopg.Connection:
    if url not in _connections or _connections[url].closed:
        # The log refuses to forget; only its owner, in a test, may pass over the trigger.
        owners = "-c session_replication_role=replica"
        _connections[url] = psycopg.connect(url, autocommit=True, options=owners)
    return _connections[url]
