"""Arrays as PostgreSQL receives them, for the one statement that has eighteen of them.

psycopg looks through a list for its type and packs it by a class for each item: a third of what an
append costs in Python. Here the types are known. The format is that of ``array_recv``: dimensions,
whether there are nulls (never), the items' type, size and first index; each item behind its length.
"""

from collections.abc import Sequence
from struct import Struct
from typing import ClassVar, Final
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD: Final = Struct(">iiIii")
_EMPTY: Final = Struct(">iiI")
_LENGTH: Final = Struct(">i")
_SHORT: Final = Struct(">ii")
_LONG: Final = Struct(">iq")
_SIXTEEN: Final = _LENGTH.pack(16)
_YES: Final = _LENGTH.pack(1) + b"\1"
_NO: Final = _LENGTH.pack(1) + b"\0"


class PgArray(bytes):
    """An array in the binary format."""

    __slots__ = ()
    ITEM: ClassVar[int]  # the items' type in pg_type, which never changes
    ARRAY: ClassVar[int]

    @classmethod
    def of(cls, items: Sequence[bytes]) -> "PgArray":
        """Return an array of these items, each with its length before it."""
        if not items:
            return cls(_EMPTY.pack(0, 0, cls.ITEM))
        return cls(_HEAD.pack(1, 0, cls.ITEM, len(items), 1) + b"".join(items))


class Uuids(PgArray):
    """An ``uuid[]``."""

    ITEM, ARRAY = 2950, 2951


class Bigints(PgArray):
    """A ``bigint[]``."""

    ITEM, ARRAY = 20, 1016


class Integers(PgArray):
    """An ``int[]``."""

    ITEM, ARRAY = 23, 1007


class Booleans(PgArray):
    """A ``boolean[]``."""

    ITEM, ARRAY = 16, 1000


class Texts(PgArray):
    """A ``text[]``."""

    ITEM, ARRAY = 25, 1009


class Byteas(PgArray):
    """A ``bytea[]``."""

    ITEM, ARRAY = 17, 1001


def uuids(values: Sequence[UUID]) -> PgArray:
    """Return the values as an array."""
    return Uuids.of([_SIXTEEN + value.bytes for value in values])


def bigints(values: Sequence[int]) -> PgArray:
    """Return the values as an array."""
    return Bigints.of([_LONG.pack(8, value) for value in values])


def integers(values: Sequence[int]) -> PgArray:
    """Return the values as an array."""
    return Integers.of([_SHORT.pack(4, value) for value in values])


def booleans(values: Sequence[bool]) -> PgArray:
    """Return the values as an array."""
    return Booleans.of([_YES if value else _NO for value in values])


def texts(values: Sequence[str]) -> PgArray:
    """Return the values as an array."""
    return Texts.of(_measured([value.encode() for value in values]))


def byteas(values: Sequence[bytes]) -> PgArray:
    """Return the values as an array."""
    return Byteas.of(_measured(values))


def _measured(values: Sequence[bytes]) -> list[bytes]:
    return [_LENGTH.pack(len(value)) + value for value in values]


class _AsItIs(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


for _kind in (Uuids, Bigints, Integers, Booleans, Texts, Byteas):
    psycopg.adapters.register_dumper(
        _kind, type(f"_{_kind.__name__}Dumper", (_AsItIs,), {"oid": _kind.ARRAY})
    )
