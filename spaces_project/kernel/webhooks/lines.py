"""Lines: how far one endpoint was told of one room, and when it is told on. All state is here."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

JITTER: Final = 0.1  # of a pause: those who failed together do not come back together

# A loose index scan (PostgreSQL wiki): one step per endpoint that waits, however many rooms wait
# at it, then its rooms that are due, the longest waiting first. So no endpoint hides another.
_DUE: Final = """
WITH RECURSIVE waiting AS (
    (SELECT endpoint_id FROM webhook_lines WHERE told_seq < wanted_seq AND held_at IS NULL
        ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT l.endpoint_id FROM webhook_lines l
        WHERE l.told_seq < l.wanted_seq AND l.held_at IS NULL AND l.endpoint_id > w.endpoint_id
        ORDER BY l.endpoint_id LIMIT 1)
    FROM waiting w WHERE w.endpoint_id IS NOT NULL
)
SELECT l.endpoint_id, l.room_id, l.told_seq, l.wanted_seq, l.attempts, e.is_failing
FROM waiting w JOIN webhook_endpoints e ON e.id = w.endpoint_id
    AND e.disabled_at IS NULL AND (e.until IS NULL OR e.until > now())
CROSS JOIN LATERAL (SELECT * FROM webhook_lines d
    WHERE d.endpoint_id = e.id AND d.told_seq < d.wanted_seq AND d.held_at IS NULL
        AND d.next_attempt_at <= now()
    ORDER BY d.next_attempt_at LIMIT %s) AS l
ORDER BY l.next_attempt_at
"""
_TOLD: Final = """
UPDATE webhook_lines SET told_seq = %s, attempts = 0, next_attempt_at = now()
WHERE endpoint_id = %s AND room_id = %s AND told_seq = %s AND held_at IS NULL
"""
_FAILED: Final = """
UPDATE webhook_lines SET attempts = attempts + 1,
    next_attempt_at = now() + make_interval(secs => coalesce(%s::float8, 0)),
    held_at = CASE WHEN %s::float8 IS NULL THEN now() END
WHERE endpoint_id = %s AND room_id = %s AND told_seq = %s AND held_at IS NULL
"""
_STATE: Final = "UPDATE webhook_endpoints SET is_failing = %s WHERE id = %s AND is_failing <> %s"
# The feed marks nothing for an endpoint that is disabled: what its rooms have done meanwhile is
# found here. A line of tests has no such room.
_RESUME: Final = """
UPDATE webhook_lines AS l SET held_at = NULL, attempts = 0, next_attempt_at = now(),
    wanted_seq = far.seq
FROM (SELECT k.room_id, greatest(k.wanted_seq, r.last_seq) AS seq
    FROM webhook_lines k LEFT JOIN log_rooms r ON r.room_id = k.room_id
    WHERE k.endpoint_id = %s AND (%s::uuid IS NULL OR k.room_id = %s)) AS far
WHERE l.endpoint_id = %s AND l.room_id = far.room_id
    AND (l.held_at IS NOT NULL OR l.told_seq < far.seq)
"""
_ENABLE: Final = """
UPDATE webhook_endpoints SET disabled_at = NULL, disabled_because = '' WHERE id = %s
"""
_HEARS: Final = """
SELECT r.last_seq FROM log_rooms r JOIN webhook_endpoints e ON e.id = %s
WHERE r.room_id = %s AND (e.hears_all OR EXISTS (
    SELECT FROM webhook_spans s WHERE s.room_id = r.room_id AND s.owner_id = e.owner_id))
"""
_REPLAY: Final = """
INSERT INTO webhook_lines AS l (endpoint_id, room_id, told_seq, wanted_seq)
VALUES (%s, %s, %s, %s) ON CONFLICT (endpoint_id, room_id) DO UPDATE
    SET told_seq = excluded.told_seq, wanted_seq = greatest(l.wanted_seq, excluded.wanted_seq),
        attempts = 0, next_attempt_at = now(), held_at = NULL
"""
_TEST: Final = """
INSERT INTO webhook_lines AS l (endpoint_id, room_id, told_seq, wanted_seq)
VALUES (%s, %s, 0, 1) ON CONFLICT (endpoint_id, room_id) DO UPDATE
    SET wanted_seq = l.wanted_seq + 1, next_attempt_at = now()
RETURNING wanted_seq
"""
_HELD: Final = """
SELECT room_id FROM webhook_lines WHERE endpoint_id = %s AND held_at IS NOT NULL
ORDER BY held_at LIMIT %s
"""
_SPANS: Final = "SELECT from_seq, owner_id FROM webhook_spans WHERE room_id = %s ORDER BY from_seq"


@dataclass(frozen=True, slots=True)
class Line:
    """One endpoint's place in one room; its tests stand in a room of its own, named as itself."""

    endpoint_id: UUID
    room_id: UUID
    told_seq: int
    wanted_seq: int
    attempts: int
    is_failing: bool

    @property
    def is_test(self) -> bool:
        """Whether it is about nothing that happened."""
        return self.room_id == self.endpoint_id


def due(at_most: int) -> list[Line]:
    """Return lines that may be told on now, at most so many of each endpoint."""
    return [Line(*row) for row in _rows(_DUE, [at_most])]


def told(line: Line, since: int, upto: int) -> bool:
    """Write that an endpoint was told up to a seq; tell whether the line was still at ``since``.

    It is not, if somebody has set it back, or another process tells it.
    """
    return _change(_TOLD, [upto, line.endpoint_id, line.room_id, since]) == 1


def failed(line: Line, since: int, attempts: int, pauses_s: Sequence[float]) -> None:
    """Write that an attempt was in vain: the next one comes after a pause, behind the last none.

    :param attempts: how many were in vain before.
    """
    pause_s = pauses_s[attempts] if attempts < len(pauses_s) else None
    if pause_s is not None:
        pause_s *= 1 + random.uniform(0, JITTER)  # noqa: S311 - no secret
    _change(_FAILED, [pause_s, pause_s, line.endpoint_id, line.room_id, since])


def say_failing(endpoint_id: UUID, is_failing: bool) -> None:
    """Keep whether the last attempt at an endpoint was in vain."""
    _change(_STATE, [is_failing, endpoint_id, is_failing])


def resume(endpoint_id: UUID, room_id: UUID | None = None) -> int:
    """Let an endpoint, or one room of it, go on now; return how many rooms had waited."""
    _change(_ENABLE, [endpoint_id])
    return _change(_RESUME, [endpoint_id, room_id, room_id, endpoint_id])


def last_seq_heard(endpoint_id: UUID, room_id: UUID) -> int | None:
    """Return how far a room has come that an endpoint may hear; None, if it may not."""
    found = _rows(_HEARS, [endpoint_id, room_id])
    return int(found[0][0]) if found else None


def replay(endpoint_id: UUID, room_id: UUID, after: int, until: int) -> None:
    """Tell a room again from behind a seq on, then go on as usual."""
    _change(_REPLAY, [endpoint_id, room_id, after, until])


def ask_for_test(endpoint_id: UUID) -> int:
    """Have an endpoint told a test; return its number."""
    return int(_rows(_TEST, [endpoint_id, endpoint_id])[0][0])


def held_rooms(endpoint_id: UUID, at_most: int) -> list[UUID]:
    """Return the rooms of which an endpoint is told nothing until somebody resumes."""
    return [room_id for (room_id,) in _rows(_HELD, [endpoint_id, at_most])]


def spans(room_id: UUID) -> list[tuple[int, UUID]]:
    """Return from which seq on whom a room belonged to."""
    return [(int(from_seq), owner_id) for from_seq, owner_id in _rows(_SPANS, [room_id])]


def _rows(query: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())


def _change(query: str, arguments: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return int(cursor.rowcount)
