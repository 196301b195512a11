"""Shadow tables: a read model's tables once more, to be filled aside and put in place at once.

They stand in a schema of their own under the same names, so that whatever writes the read model
writes them as soon as that schema comes first on the search path. Keys and indexes are made from
the definitions of those in place, under their names, when the rows are there: building an index
over all rows costs less than keeping it up to date, and a later migration finds the names it knows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Identifier

UNLIMITED: Final = ("statement_timeout", "idle_in_transaction_session_timeout")
_LOOK: Final = """
SELECT c.reloptions, pg_get_userbyid(c.relowner),
    EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid)
FROM pg_class c WHERE c.oid = %s::regclass
"""
_KEYS: Final = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'x') ORDER BY contype, conname
"""
_INDEXES: Final = """
SELECT c.relname, i.indisunique, substring(pg_get_indexdef(i.indexrelid) FROM ' USING (.*)$')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1
"""
_GRANTS: Final = """
SELECT g.privilege_type, r.rolname, g.is_grantable
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
WHERE c.oid = %s::regclass AND g.grantee <> c.relowner
"""


class NotDisposable(Exception):
    """A table of a read model has what a copy of it would not have."""


class ShadowTables:
    """The shadows of some tables, in a schema of their own.

    :param schema: its name; if one is left over from a rebuild that was killed, it goes first.
    """

    def __init__(self, schema: str, tables: Sequence[str]) -> None:
        self._schema = schema
        self._tables = tables
        self._home: str = _rows("SELECT current_schema()")[0][0]
        self._has_keys = False

    def make(self) -> None:
        """Make empty tables without keys.

        :raises NotDisposable: if a table in place has triggers or foreign keys.
        """
        self._has_keys = False
        with transaction.atomic():
            self.drop()
            _do("CREATE SCHEMA {}", Identifier(self._schema))
            for table in self._tables:
                self._make(table)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let all statements of a block see the shadows in place of the tables."""
        with transaction.atomic(durable=True):
            for limit in UNLIMITED:
                _do("SET LOCAL {} = 0", Identifier(limit))
            self.come_first()
            yield

    def come_first(self) -> None:
        """Let the statements of the current transaction see the shadows from here on."""
        _do("SET LOCAL search_path = {}, {}", Identifier(self._schema), Identifier(self._home))

    def make_keys(self) -> None:
        """Make keys and indexes like those of the tables in place, unless they are there."""
        if self._has_keys:
            return
        for table in self._tables:
            place, shadow = self._in_place(table), self._shadow(table)
            for name, definition in _rows(_KEYS, place.as_string()):
                key = "ALTER TABLE {} ADD CONSTRAINT {} {}"
                _do(key, shadow, Identifier(name), SQL(definition))
            for name, is_unique, definition in _rows(_INDEXES, place.as_string()):
                kind = "CREATE UNIQUE INDEX" if is_unique else "CREATE INDEX"
                _do(f"{kind} {{}} ON {{}} USING {{}}", Identifier(name), shadow, SQL(definition))
        self._has_keys = True

    def analyze(self) -> None:
        """Tell the planner about the rows: for whoever reads the tables when they are in place.

        Never while they are empty: it would read them from end to end ever after.
        """
        for table in self._tables:
            _do("ANALYZE {}", self._shadow(table))

    def swap(self) -> None:
        """Put the shadows in place of the tables, inside the caller's transaction.

        Who reads meanwhile waits for the end of it, and finds the new tables by their names.

        :raises django.db.OperationalError: if others hold the tables for longer than
            ``lock_timeout``; nothing has changed then.
        """
        if not self._tables:
            return
        in_place = SQL(", ").join(map(self._in_place, self._tables))
        _do("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", in_place)
        _do("DROP TABLE {}", in_place)
        for table in self._tables:
            _do("ALTER TABLE {} SET SCHEMA {}", self._shadow(table), Identifier(self._home))

    def drop(self) -> None:
        """Remove the schema, with whatever is left in it."""
        _do("DROP SCHEMA IF EXISTS {} CASCADE", Identifier(self._schema))

    def _make(self, table: str) -> None:
        place, shadow = self._in_place(table), self._shadow(table)
        options, owner, has_triggers = _rows(_LOOK, place.as_string())[0]
        if has_triggers:  # foreign keys are triggers too
            raise NotDisposable(f"{table} has triggers or foreign keys; no read model may")
        _do("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES)", shadow, place)
        if options:
            _do("ALTER TABLE {} SET ({})", shadow, SQL(", ".join(options)))
        _do("ALTER TABLE {} OWNER TO {}", shadow, Identifier(owner))
        for privilege, role, may_grant in _rows(_GRANTS, place.as_string()):
            grant = (
                "GRANT {} ON {} TO {} WITH GRANT OPTION" if may_grant else "GRANT {} ON {} TO {}"
            )
            _do(grant, SQL(privilege), shadow, Identifier(role) if role else SQL("PUBLIC"))

    def _shadow(self, table: str) -> Identifier:
        return Identifier(self._schema, table)

    def _in_place(self, table: str) -> Identifier:
        return Identifier(self._home, table)


def _do(template: str, *parts: Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL(template).format(*parts).as_string())


def _rows(query: str, *arguments: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
