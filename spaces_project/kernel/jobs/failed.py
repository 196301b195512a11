"""Jobs that have failed for good: kept until somebody lets them try again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

_FAILED: Final = """
SELECT id, task_name, attempts, (
    SELECT max(at) FROM procrastinate_events AS told
    WHERE told.job_id = job.id AND told.type = 'failed'
) FROM procrastinate_jobs AS job WHERE status = 'failed' ORDER BY id
"""
_COUNT: Final = """
SELECT count(*) FILTER (WHERE status = 'todo'),
    count(*) FILTER (WHERE status = 'todo' AND scheduled_at < now() - interval '10 seconds'),
    count(*) FILTER (WHERE status = 'doing'),
    count(*) FILTER (WHERE status = 'failed')
FROM procrastinate_jobs
"""
_AGAIN: Final = """
UPDATE procrastinate_jobs
SET status = 'todo', queueing_lock = NULL, worker_id = NULL, attempts = 0, scheduled_at = now()
WHERE status = 'failed' AND (%(id)s::bigint IS NULL OR id = %(id)s)
"""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was tried in vain."""

    job_id: int
    task_name: str
    attempts: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs there are; ``late`` ones are due for more than ten seconds."""

    waiting: int
    late: int
    running: int
    failed: int


def failed_jobs() -> list[FailedJob]:
    """Return what has failed for good, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED)
        return [FailedJob(*row) for row in cursor.fetchall()]


def counts() -> Counts:
    """Return how many jobs wait, run and have failed."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        row = cursor.fetchone()
    assert row is not None
    return Counts(*row)


def try_again(job_id: int | None = None) -> int:
    """Let one failed job, or all, be tried again at once; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"id": job_id})
        return int(cursor.rowcount)
