"""Arrays of our own making: PostgreSQL reads from them what was put in."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces_project.kernel.log import arrays
from tests.kernel.jars import as_owner

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("migrated")]

BIG, SMALL = 2**63, 2**31
KINDS: dict[str, tuple[Callable[[Any], arrays.PgArray], st.SearchStrategy[Any]]] = {
    "uuid": (arrays.uuids, st.uuids()),
    "bigint": (arrays.bigints, st.integers(-BIG, BIG - 1)),
    "int": (arrays.integers, st.integers(-SMALL, SMALL - 1)),
    "boolean": (arrays.booleans, st.booleans()),
    "text": (arrays.texts, st.text(st.characters(exclude_characters="\0", codec="utf-8"))),
    "bytea": (arrays.byteas, st.binary()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_put_in_is_read(kind: str) -> None:
    pack, items = KINDS[kind]
    with as_owner() as connection:

        @settings(max_examples=30, deadline=None)
        @given(st.lists(items))
        def come_back(values: Sequence[UUID | int | bool | str | bytes]) -> None:
            query = f"SELECT %b::{kind}[]".encode()
            row = connection.execute(query, (pack(values),), binary=True).fetchone()
            assert row is not None
            assert row[0] == values

        come_back()
