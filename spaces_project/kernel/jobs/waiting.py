"""Jobs that wait for their time."""

from datetime import datetime
from typing import Final

import orjson
from django.db import connection

QUEUE: Final = "spaces"

# By hand instead of by the library's own function: that one answers a key which waits already with
# an error, which breaks the transaction around it and stands in the server's log.
_SCHEDULE: Final = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s::jsonb, %s)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
_CANCEL: Final = "DELETE FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"


def schedule(task_name: str, at: datetime, key: str, **arguments: str) -> bool:
    """Have a task of the wiring's ``jobs()`` run at a time, or at once if that is past.

    It runs at least once, within a second as a rule, and must be harmless twice: a process may be
    killed between the effect and the note that it is done. Inside a transaction the job exists
    from the commit on.

    :param key: while a job with this key waits, it is left as it is, also at another time.
    :return: whether there was none yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SCHEDULE, [QUEUE, task_name, key, orjson.dumps(arguments).decode(), at])
        return bool(cursor.rowcount)


def cancel(key: str) -> bool:
    """Forget a job that waits; tell whether there was one. What has begun goes on."""
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, [key])
        return bool(cursor.rowcount)
