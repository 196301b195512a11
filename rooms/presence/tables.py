"""What a process writes about its own connections.

Two rules keep everybody from being forgotten, and from being dropped behind a newer connection:

* A connection's row goes only together with an absence being noted; and an absence goes only
  together with a new connection, or by the reaper. Each holds the absence's row meanwhile, the
  reaper while it looks and drops.
* A row of a process is written only behind a lock of the process's own row, so that none is left
  under a lease that has just been taken away.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

import msgspec
import psycopg

from rooms.domain.rules import Rules

NOBODY: Final = UUID(int=0)  # the process of connections that have a lease of their own
_REQUESTS: Final = UUID("0d5d2a0e-8d4f-5c0b-9a53-2f2d1c6f9d31")


class Place(NamedTuple):
    """Somebody in a room."""

    room_id: UUID
    account_id: UUID


class News(msgspec.Struct):
    """What has changed since the last time; ``gone`` and ``asking`` are never lost."""

    come: dict[UUID, Place] = {}
    gone: dict[UUID, Place] = {}
    asking: set[Place] = set()
    renewed: set[Place] = set()

    def __bool__(self) -> bool:
        return bool(self.come or self.gone or self.asking or self.renewed)


_RENEW: Final = """
UPDATE rooms_presence_process SET expires_at = now() + make_interval(secs => %s)
WHERE process_id = %s
"""
_BEGIN: Final = """
INSERT INTO rooms_presence_process (process_id, expires_at)
VALUES (%s, now() + make_interval(secs => %s))
ON CONFLICT (process_id) DO UPDATE SET expires_at = excluded.expires_at
"""
# Rows that the table should not have come from a crash, which took back that they had gone.
_NONE_OF_MINE: Final = """
DELETE FROM rooms_presence_connection WHERE process_id = %s RETURNING room_id, account_id
"""
_GONE: Final = """
DELETE FROM rooms_presence_connection WHERE process_id = %s AND connection_id = ANY(%s)
"""
_ABSENT: Final = """
INSERT INTO rooms_presence_absence (room_id, account_id, due_at)
SELECT DISTINCT room_id, account_id, now() + make_interval(secs => %s)
FROM unnest(%s::uuid[], %s::uuid[]) AS gone (room_id, account_id) ORDER BY 1, 2
ON CONFLICT (room_id, account_id) DO UPDATE SET due_at = excluded.due_at
"""
# Whoever comes holds the absence until the commit, also where there is none yet: it waits for the
# reaper that is about to drop, and whoever notes an absence meanwhile waits for it. Else a reaper
# could see the new absence, and not yet the new connection. All whose absence will be touched, in
# one order, so that two processes cannot wait for each other.
_HOLD: Final = """
INSERT INTO rooms_presence_absence (room_id, account_id, due_at)
SELECT DISTINCT room_id, account_id, 'infinity'::timestamptz
FROM unnest(%s::uuid[], %s::uuid[]) AS come (room_id, account_id) ORDER BY 1, 2
ON CONFLICT (room_id, account_id) DO UPDATE SET due_at = excluded.due_at
"""
_BACK: Final = """
DELETE FROM rooms_presence_absence AS absence
USING unnest(%s::uuid[], %s::uuid[]) AS come (room_id, account_id)
WHERE come.room_id = absence.room_id AND come.account_id = absence.account_id
"""
_COME: Final = """
INSERT INTO rooms_presence_connection (process_id, connection_id, room_id, account_id)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) ON CONFLICT DO NOTHING
"""
_ASKING: Final = """
INSERT INTO rooms_presence_connection
    (process_id, connection_id, room_id, account_id, expires_at)
SELECT %s, *, now() + make_interval(secs => %s) FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[])
ON CONFLICT (process_id, connection_id) DO UPDATE SET expires_at = excluded.expires_at
"""
_RENEWED: Final = """
UPDATE rooms_presence_connection SET expires_at = now() + make_interval(secs => %s)
WHERE process_id = %s AND connection_id = ANY(%s)
"""


def write(
    connection: psycopg.Connection[Any],
    process_id: UUID,
    news: News,
    held: Callable[[], Mapping[UUID, Place]],
    rules: Rules,
    *,
    all_anew: bool,
) -> bool:
    """Write what is new, in one transaction, and renew the process's lease.

    :param held: says all connections of the process: if the table may not have them, they are
        written anew.
    :return: whether the lease still stood. If not, its connections have counted as lost.
    """
    with connection.transaction(), connection.cursor() as cursor:
        # Nothing is lost by it: after a broken connection all rows are written anew.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_RENEW, (rules.process_lease_s, process_id))
        stood = bool(cursor.rowcount)
        come: Mapping[UUID, Place] = news.come
        gone = set(news.gone.values())
        if all_anew or not stood:
            cursor.execute(_BEGIN, (process_id, rules.process_lease_s))
            cursor.execute(_NONE_OF_MINE, (process_id,))
            gone |= {Place(*row) for row in cursor.fetchall()}
            come = held()
        if news.gone:
            cursor.execute(_GONE, (process_id, list(news.gone)))
        _note_absences(cursor, gone, {*come.values(), *news.asking}, rules.connection_grace_s)
        if come:
            cursor.execute(_COME, (process_id, list(come), *_columns(come.values())))
        if news.asking:
            asking = sorted(news.asking)
            ids = [_id_of(place) for place in asking]
            cursor.execute(_ASKING, (NOBODY, rules.request_lease_s, ids, *_columns(asking)))
        if news.renewed:
            ids = [_id_of(place) for place in news.renewed]
            cursor.execute(_RENEWED, (rules.request_lease_s, NOBODY, ids))
    return stood


def _note_absences(
    cursor: psycopg.Cursor[Any], gone: set[Place], back: set[Place], grace_s: int
) -> None:
    if gone or back:
        cursor.execute(_HOLD, _columns(gone | back))
    if gone:
        cursor.execute(_ABSENT, (grace_s, *_columns(gone)))
    if back:
        cursor.execute(_BACK, _columns(back))


def _columns(places: Iterable[Place]) -> tuple[list[UUID], list[UUID]]:
    both = list(places)
    return [place.room_id for place in both], [place.account_id for place in both]


def _id_of(place: Place) -> UUID:
    return uuid5(_REQUESTS, f"{place.room_id} {place.account_id}")
