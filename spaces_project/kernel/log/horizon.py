"""How far the log is settled: every position up to there is visible, or will never be.

Positions are drawn when events are inserted and seen when they are committed, so a lower one may
appear after a higher one. Whoever draws a position holds RowExclusiveLock on ``log_events`` until
the transaction's end (``log_append``), and the sequence draws one at a time. Hence: positions
without a hole are settled at once; at a hole, when none of those who held that lock is left, what
is missing was rolled back, and is dead for ever.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

Rows = list[tuple[Any, ...]]
Fetch = Callable[[str, Sequence[Any]], Rows]
log = logging.getLogger(__name__)

PATIENCE_S: Final = 0.5
SHORTEST_PAUSE_S: Final = 0.0005
LONGEST_PAUSE_S: Final = 0.02
HEAD_PAGE: Final = 1000

# One statement, so that the newest position was seen before the locks: a transaction that drew a
# lower one either is among the holders, or has ended and is seen by every later statement.
_ASK: Final = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM log_events),
    EXISTS (SELECT FROM log_events WHERE notification_id = %b::bigint),
    ARRAY(SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation = 'log_events'::regclass)
"""
_HEAD: Final = """
SELECT count(*), max(notification_id) FROM (
    SELECT notification_id FROM log_events WHERE notification_id > %b::bigint
    ORDER BY notification_id LIMIT %b::bigint) AS news
"""
_NEWEST: Final = "SELECT coalesce(max(notification_id), 0) FROM log_events"
_FIRST_HOLE: Final = """
SELECT notification_id FROM log_events e WHERE notification_id > %b::bigint
    AND NOT EXISTS (SELECT FROM log_events n WHERE n.notification_id = e.notification_id + 1)
    ORDER BY notification_id LIMIT 1
"""
# A prepared transaction keeps its name in PostgreSQL 18; older servers give it another.
PREPARED: Final = "-1/"


class Horizon:
    """What a process knows of the log's settled part; shared by all its readers.

    :param fetch: runs a query in a transaction of its own.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._settled = 0
        self._asking = threading.Lock()
        self._blamed = 0

    def forget(self) -> None:
        """Begin anew: the log was emptied, or this is another process."""
        self._settled = self._blamed = 0
        self._asking = threading.Lock()

    def read(self, query: str, position: int, limit: int) -> Rows:
        """Return the settled ones of the rows behind a position, in order.

        :param query: takes position and limit, gives the position in the first column.
        """
        return self.look(query, position, limit)[0]

    def look(
        self, query: str, position: int, limit: int, fetch: Fetch | None = None
    ) -> tuple[Rows, bool]:
        """Return the same, and whether it is all that could be seen when this began.

        Nothing more is asked as long as there is no hole. If the first row stands behind one, its
        writer is waited for, half a second; if there are others before it, they are not kept
        waiting.

        :param fetch: what reads the page, if somebody has a connection of his own.
        """
        fetch = fetch or self._fetch
        known = self._settled  # before the page is read: what settles later may be missing in it
        page = fetch(query, (position, limit))
        safe = _settled_part(page, position, known)
        if len(safe) < len(page):
            missing = max(position, known, safe[-1][0] if safe else 0) + 1
            open_for = self._settle(
                missing, unless_seen=missing, patience_s=0 if safe else PATIENCE_S
            )
            known = self._settled
            page = fetch(query, (position, limit))
            safe = _settled_part(page, position, known)
            if not safe:
                self._blame(missing, open_for)
        if safe and position <= known < safe[-1][0]:
            self._advance(safe[-1][0])
        return safe, len(safe) == len(page) < limit

    def head(self) -> int:
        """Return a position that nothing unseen stands before: where a reader may begin.

        It is the newest one, unless a writer does not end.
        """
        known = self._settled
        ((count, newest),) = self._fetch(_HEAD, (known, HEAD_PAGE))
        if count == 0:
            return known
        if count == newest - known and count < HEAD_PAGE:
            self._advance(newest)
        else:
            open_for = self._settle(newest, patience_s=PATIENCE_S)
            if self._settled < newest:
                safe = self._first_hole()
                self._blame(safe + 1, open_for)
                return safe
        return self._settled

    def newest(self) -> int:
        """Return the position of the newest event that can be seen, whatever is open before it."""
        return int(self._fetch(_NEWEST, ())[0][0])

    def _settle(self, until: int, *, patience_s: float, unless_seen: int = 0) -> frozenset[str]:
        """Wait until everything up to a position is settled, or one position is seen after all.

        Return the transactions that were waited for in vain.
        """
        deadline = time.monotonic() + patience_s
        if not self._asking.acquire(timeout=patience_s):  # one asks, for all
            return frozenset()
        try:
            if self._settled >= until:
                return frozenset()
            newest, seen, found = self._ask(unless_seen)
            holders = frozenset(found)
            pause = SHORTEST_PAUSE_S
            while holders and not seen and time.monotonic() < deadline:
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
                _, seen, found = self._ask(unless_seen)
                holders = frozenset(h for h in found if h in holders or h.startswith(PREPARED))
            if not holders:
                self._advance(newest)
            return holders
        finally:
            self._asking.release()

    def _ask(self, position: int) -> tuple[int, bool, list[str]]:
        ((newest, seen, holders),) = self._fetch(_ASK, (position,))
        return newest, seen, holders

    def _first_hole(self) -> int:
        known = self._settled
        if self._fetch(_HEAD, (known, 1)) != [(1, known + 1)]:
            return known
        return int(self._fetch(_FIRST_HOLE, (known,))[0][0])

    def _advance(self, position: int) -> None:
        self._settled = max(self._settled, position)

    def _blame(self, position: int, holders: frozenset[str]) -> None:
        if holders and self._blamed != position:
            self._blamed = position
            log.warning(
                "the log is read up to position %d only: %s may still store there",
                position - 1,
                ", ".join(sorted(holders)),
            )


def _settled_part(page: Rows, position: int, known: int) -> Rows:
    """Return the rows up to the first hole behind what is known to be settled."""
    if not page or page[-1][0] <= known or page[-1][0] - position == len(page):
        return page
    expected = max(position, known) + 1
    for place, row in enumerate(page):
        if row[0] > known:
            if row[0] != expected:
                return page[:place]
            expected += 1
    return page
