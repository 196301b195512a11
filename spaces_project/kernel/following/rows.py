"""Rows of read models in memory: loaded at once, changed by a fold, written at once."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from spaces_project.kernel.following.pipeline import copy_in, pipelined, send
from spaces_project.kernel.following.tables import Key, Table

RowT = TypeVar("RowT", bound=msgspec.Struct)
Statement = tuple[str, tuple[Any, ...]]
_encoder: Final = msgspec.json.Encoder()


class TableRows(Generic[RowT]):
    """The rows of one table as a fold sees and changes them."""

    def __init__(self, table: Table[RowT]) -> None:
        self.table = table
        self.rows: dict[Any, RowT] = {}
        self._groups: dict[Any, dict[Any, RowT]] = {}
        self._absent: set[Any] = set()
        self._changed: set[Any] = set()
        self._removed: set[Any] = set()
        self._elsewhere: list[Statement] = []

    def get(self, key: Key) -> RowT | None:
        """Return a row to look at, None if there is none."""
        return self.rows.get(key)

    def change(self, key: Key) -> RowT | None:
        """Return a row to change, None if there is none."""
        row = self.rows.get(key)
        if row is not None:
            self._changed.add(key)
        return row

    def add(self, key: Key, row: RowT) -> RowT:
        """Add a row that is not there yet."""
        self._remember(key, row)
        self._changed.add(key)
        self._removed.discard(key)
        return row

    def remove(self, key: Key) -> RowT | None:
        """Take a row away and return it, None if there is none."""
        row = self.rows.pop(key, None)
        if row is not None:
            if self.table.grouped:
                del self._groups[key[0]][key]
            self._changed.discard(key)
            self._removed.add(key)
            self._absent.add(key)
        return row

    def change_group(self, first: Hashable, elsewhere: str) -> Iterator[RowT]:
        """Yield the rows in memory whose key begins with a value, to change each of them.

        :param elsewhere: the statement that changes the others in the same way, given the value.
        """
        self._elsewhere.append((elsewhere, (first,)))
        group = self._groups.get(first, {})
        self._changed.update(group)
        yield from group.values()

    def remove_group(self, first: Hashable, elsewhere: str) -> None:
        """Take the rows in memory away whose key begins with a value.

        :param elsewhere: the statement that deletes the others too, given the value.
        """
        self._elsewhere.append((elsewhere, (first,)))
        for key in list(self._groups.get(first, ())):
            self.remove(key)

    @property
    def changes_elsewhere(self) -> bool:
        """Whether rows that are not in memory are still to be changed."""
        return bool(self._elsewhere)

    def missing(self, keys: Iterable[Key]) -> list[Key]:
        """Return which of some keys were not looked up yet."""
        return [k for k in dict.fromkeys(keys) if k not in self.rows and k not in self._absent]

    def take_in(self, keys: Iterable[Key], found: str) -> None:
        """Remember what was found under some keys."""
        self._absent.update(keys)
        for row in _decoder(self.table.row).decode(found):
            key = self.table.key_of(row)
            self._absent.discard(key)
            self._remember(key, row)

    def statements(self) -> Iterator[Statement]:
        """Yield what writes all changes, in order."""
        yield from self._elsewhere
        if self._removed:
            yield self.table.delete, (self.table.as_json(self._removed),)
        if self._changed:
            rows = [self.rows[key] for key in self._changed]
            yield self.table.upsert, (_encoder.encode(rows).decode(),)

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """Yield all rows as COPY takes them."""
        if not self.table.documents:
            yield from map(msgspec.structs.astuple, self.rows.values())
            return
        places = [self.table.columns.index(column) for column in self.table.documents]
        for row in self.rows.values():
            values = list(msgspec.structs.astuple(row))
            for place in places:
                values[place] = _encoder.encode(values[place]).decode()
            yield tuple(values)

    def _remember(self, key: Any, row: RowT) -> None:
        self.rows[key] = row
        if self.table.grouped:
            self._groups.setdefault(key[0], {})[key] = row


class Rows:
    """The rows of all tables of a read model, as far as they are in memory.

    :param complete: the tables are empty as yet: what is not in memory does not exist.
    """

    def __init__(self, tables: Iterable[Table[Any]], *, complete: bool = False) -> None:
        self._tables = {table: TableRows(table) for table in tables}
        self.complete = complete

    def __getitem__(self, table: Table[RowT]) -> TableRows[RowT]:
        return self._tables[table]

    def __len__(self) -> int:
        return sum(len(each.rows) for each in self._tables.values())

    def load(self, concerned: Iterable[tuple[Table[Any], Key]]) -> None:
        """Bring rows into memory that are not there, in one round trip.

        What was asked of whole groups is written first, else it would be missing in these rows.
        """
        if self.complete:
            return
        if any(each.changes_elsewhere for each in self._tables.values()):
            self.write()
        keys: dict[Table[Any], list[Key]] = {}
        for table, key in concerned:
            keys.setdefault(table, []).append(key)
        asked = []
        with pipelined():
            for table, wanted in keys.items():
                if missing := self._tables[table].missing(wanted):
                    answer = send(table.load, (table.as_json(missing),))
                    asked.append((self._tables[table], missing, answer))
        for found, missing, answer in asked:
            row = answer.fetchone()
            assert row is not None
            found.take_in(missing, row[0])

    def write(self) -> None:
        """Write what was changed, in one round trip, and forget everything."""
        if self.complete:
            for each in self._tables.values():
                copy_in(each.table.copy, each.tuples())
        else:
            with pipelined():
                for each in self._tables.values():
                    for statement, arguments in each.statements():
                        send(statement, arguments)
        self._tables = {table: TableRows(table) for table in self._tables}
        self.complete = False


@cache
def _decoder(row: type[RowT]) -> msgspec.json.Decoder[list[RowT]]:
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]
