"""The table of reactions: how many of each emoji in each second of a room, for replays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from spaces_project.kernel.database import rows

_ADD: Final = """
INSERT INTO rooms_reaction (room_id, second, emoji, count)
SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::integer[])
ON CONFLICT (room_id, second, emoji) DO UPDATE SET count = rooms_reaction.count + excluded.count
"""
_BETWEEN: Final = """
SELECT room_id, second, emoji, count FROM rooms_reaction
WHERE room_id = %(room)s AND second >= %(since)s AND second < %(until)s
ORDER BY second, emoji
"""


class Counted(NamedTuple):
    """One emoji in one second of one room."""

    room_id: UUID
    second: datetime
    emoji: str


def add(counts: Mapping[Counted, int]) -> None:
    """Add counts to those that are there, in one statement and always in the same order."""
    ordered = sorted(counts)
    if not ordered:
        return
    columns = [list(column) for column in zip(*ordered, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*columns, [counts[each] for each in ordered]])


def reactions_between(
    room_id: UUID, since: datetime, until: datetime
) -> list[tuple[datetime, str, int]]:
    """Return second, emoji and count of what a room was thrown, in order; ``until`` is outside."""
    found = rows(_BETWEEN, {"room": room_id, "since": since, "until": until})
    return [(second, emoji, count) for _, second, emoji, count in found]
