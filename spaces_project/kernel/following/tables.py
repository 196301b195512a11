"""A read model's table as a fold knows it, and the statements that read and write its rows.

Rows travel as JSON, which PostgreSQL turns into records by itself: one statement for any number of
rows, whatever their columns are, and the same prepared statement for all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

RowT = TypeVar("RowT", bound=msgspec.Struct)
Key = Any  # hashable: a value, or a tuple of several


@dataclass(frozen=True, eq=False)
class Table(Generic[RowT]):
    r"""A table and the struct that holds one row of it; the fields are the columns.

    A column of type ``bytea`` is a string of hexadecimal digits behind ``\x``, as PostgreSQL
    itself writes it. A key of one column is its value, one of several a tuple of them.

    :param key: the columns of the primary key.
    :param documents: the columns of type ``jsonb``.
    :param grouped: rows are also found by the first column of the key.
    """

    name: str
    row: type[RowT]
    key: tuple[str, ...]
    documents: tuple[str, ...] = ()
    grouped: bool = False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of the struct."""
        return self.row.__struct_fields__

    @cached_property
    def _keys(self) -> str:
        return f"json_populate_recordset(NULL::{self.name}, %s::json) k"

    @cached_property
    def load(self) -> str:
        """The rows that have one of some keys.

        Looked up one by one: the planner takes any such list for a hundred keys, and would rather
        read a table of some thousand rows from end to end.
        """
        same = " AND ".join(f"f.{column} = k.{column}" for column in self.key)
        return (
            f"SELECT coalesce(json_agg(t), '[]')::text FROM {self._keys}"  # noqa: S608
            f" CROSS JOIN LATERAL (SELECT * FROM {self.name} f WHERE {same} OFFSET 0) t"
        )

    @cached_property
    def upsert(self) -> str:
        """Write rows, whether or not they are there."""
        facts = [column for column in self.columns if column not in self.key]
        changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in facts)
        return (
            f"INSERT INTO {self.name} SELECT k.* FROM {self._keys}"  # noqa: S608
            f" ON CONFLICT ({', '.join(self.key)})"
            f" DO {f'UPDATE SET {changes}' if changes else 'NOTHING'}"
        )

    @cached_property
    def delete(self) -> str:
        """Delete the rows that have one of some keys."""
        same = " AND ".join(f"t.{column} = k.{column}" for column in self.key)
        return f"DELETE FROM {self.name} t USING {self._keys} WHERE {same}"  # noqa: S608

    @cached_property
    def copy(self) -> str:
        """Fill the empty table."""
        return f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN"

    def key_of(self, row: RowT) -> Key:
        """Return the key of a row."""
        values = tuple(getattr(row, column) for column in self.key)
        return values if len(values) > 1 else values[0]

    def as_json(self, keys: Iterable[Key]) -> str:
        """Return keys as records that have the columns of the key."""
        rows = [key if isinstance(key, tuple) else (key,) for key in keys]
        return msgspec.json.encode([dict(zip(self.key, row, strict=True)) for row in rows]).decode()
