"""Puts out whoever is in a room and connected to nothing any more."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from rooms.presence.tables import Place
from spaces_project.kernel.following.watch import Watch
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.outages import passes
from spaces_project.kernel.refusals import Refusal

log = logging.getLogger(__name__)

AT_ONCE: Final = 100  # people in one transaction, which must not last
THREADS: Final = 4
LOOK_S: Final = 1.0
BLIND_S: Final = 3.0  # without a look for so long, nothing was known of the leases meanwhile
SWEEP_S: Final = 600.0  # how often it looks through all who are inside
LATER_S: Final = 60  # when somebody whom an error kept inside is tried again
SOON_S: Final = 5  # the same, where the error passes

_LEASES_ENDED: Final = """
WITH dead AS (
    DELETE FROM rooms_presence_process WHERE expires_at < %s RETURNING process_id
), gone AS (
    DELETE FROM rooms_presence_connection AS held
    USING dead WHERE held.process_id = dead.process_id RETURNING room_id, account_id
)
INSERT INTO rooms_presence_absence (room_id, account_id, due_at)
SELECT DISTINCT room_id, account_id, now() FROM gone ORDER BY 1, 2
ON CONFLICT (room_id, account_id) DO UPDATE
    SET due_at = least(rooms_presence_absence.due_at, excluded.due_at)
"""
_REQUESTS_ENDED: Final = """
WITH gone AS (
    DELETE FROM rooms_presence_connection WHERE expires_at < %s RETURNING room_id, account_id
)
INSERT INTO rooms_presence_absence (room_id, account_id, due_at)
SELECT DISTINCT room_id, account_id, now() FROM gone ORDER BY 1, 2
ON CONFLICT (room_id, account_id) DO NOTHING
"""
# Whose row is held here cannot come back by a new connection before the row is free again.
_DUE: Final = """
SELECT room_id, account_id FROM rooms_presence_absence WHERE due_at <= now()
ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
# A lease that stands has not ended, whatever the time: only a look that can tell takes it away.
_CONNECTED: Final = """
SELECT DISTINCT held.room_id, held.account_id
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (room_id, account_id)
JOIN rooms_presence_connection AS held
    ON held.room_id = asked.room_id AND held.account_id = asked.account_id
LEFT JOIN rooms_presence_process AS process ON process.process_id = held.process_id
WHERE process.process_id IS NOT NULL OR held.expires_at IS NOT NULL
"""
_SETTLED: Final = """
DELETE FROM rooms_presence_absence AS absence
USING unnest(%s::uuid[], %s::uuid[]) AS settled (room_id, account_id)
WHERE absence.room_id = settled.room_id AND absence.account_id = settled.account_id
"""
_LATER: Final = """
UPDATE rooms_presence_absence AS absence SET due_at = now() + make_interval(secs => %s)
FROM unnest(%s::uuid[], %s::uuid[]) AS later (room_id, account_id)
WHERE absence.room_id = later.room_id AND absence.account_id = later.account_id
"""
# Inside by the log, but nothing is written of a connection: from before there were leases, or come
# in so late, by a command that stood still, that the loss of the connection was forgotten by then.
_NEVER_SEEN: Final = """
INSERT INTO rooms_presence_absence (room_id, account_id, due_at)
SELECT inside.room_id, inside.account_id, now() + make_interval(secs => %s)
FROM rooms_participant AS inside JOIN rooms_room AS room ON room.id = inside.room_id
WHERE inside.present AND room.state <> 'ended' AND NOT EXISTS (
    SELECT FROM rooms_presence_connection AS held
    WHERE held.room_id = inside.room_id AND held.account_id = inside.account_id
) ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""

Drop = Callable[..., Receipt | None]


class PresenceReaper(Watch):
    """Ends the leases that have run out, and drops who is absent for too long.

    A lease that ran out while nobody could renew it says nothing: the database was away or stood
    still, the machine slept, or its clock was set forward. After a pause in its looks, or a jump of
    the database's time, the reaper gives everybody one lease's time to renew.

    :param drop: the command that says a connection is lost; idempotent.
    """

    name = "rooms.presence"
    every_s = LOOK_S

    def __init__(self, drop: Drop) -> None:
        self._drop = drop
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="presence")
        self._looked_at = float("-inf")
        self._sees_since = 0.0
        self._ahead_s: float | None = None
        self._swept_at = float("-inf")

    def look(self) -> None:
        """End leases, drop who is due."""
        with connection.cursor() as cursor:
            if time.monotonic() > self._swept_at + SWEEP_S:
                self._swept_at = time.monotonic()  # first: a long one must not stop the looks
                cursor.execute(_NEVER_SEEN, [settings.ROOM_RULES.request_lease_s])
            cursor.execute("SELECT now()")
            ((at,),) = cursor.fetchall()
            if not self._can_tell(at):
                return
            cursor.execute(_LEASES_ENDED, [at])
            cursor.execute(_REQUESTS_ENDED, [at])
        while self._drop_some() == AT_ONCE:
            self._looked_at = time.monotonic()

    def _can_tell(self, at: datetime) -> bool:
        """Tell whether everybody could renew for long enough before a time of the database's."""
        now = time.monotonic()
        ahead_s = at.timestamp() - now
        has_jumped = self._ahead_s is not None and ahead_s > self._ahead_s + BLIND_S
        if has_jumped or now > self._looked_at + BLIND_S:
            self._sees_since = now
        self._looked_at, self._ahead_s = now, ahead_s
        return now >= self._sees_since + settings.ROOM_RULES.process_lease_s

    def _drop_some(self) -> int:
        """Drop those who are due, as many as fit into a short transaction; return how many.

        0 also tells that the rest can wait for the next look.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_DUE, [AT_ONCE])
            due = [Place(*row) for row in cursor.fetchall()]
            if not due:
                return 0
            cursor.execute(_CONNECTED, _columns(due))
            connected = {Place(*row) for row in cursor.fetchall()}
            absent = [place for place in due if place not in connected]
            again_s = dict(zip(absent, self._pool.map(self._put_out, absent), strict=True))
            settled = [place for place in due if again_s.get(place) is None]
            cursor.execute(_SETTLED, _columns(settled))
            for later_s in (SOON_S, LATER_S):
                failed = [place for place in absent if again_s[place] == later_s]
                cursor.execute(_LATER, [later_s, *_columns(failed)])
        # What failed for one may fail for all, each after its time limit: the next look goes on.
        return 0 if SOON_S in again_s.values() else len(due)

    def _put_out(self, place: Place) -> int | None:
        """Drop somebody; return in how many seconds to try again, None if that is settled.

        One error says nothing of the others, so none is raised.
        """
        close_old_connections()
        try:
            self._drop(room_id=place.room_id, account_id=place.account_id)
        except Exception as error:
            if passes(error):
                log.warning("somebody stays in room %s for now: %s", place.room_id, error)
                return SOON_S
            if not isinstance(error, Refusal):  # a room that is over, or not there, is no trouble
                log.exception("somebody stays in room %s", place.room_id)
                return LATER_S
        return None


def _columns(places: list[Place]) -> list[Any]:
    return [[place.room_id for place in places], [place.account_id for place in places]]
