"""Gives jobs back that nobody works on: their worker is dead, or has lost them."""

from collections.abc import Collection
from typing import Final

from procrastinate.connector import BaseAsyncConnector

# In one statement: of two who reap at once the second finds each job with its new worker. Whoever
# has begun waits no longer, so that the key is free for the next one.
_OF_THE_DEAD: Final = """
WITH dead AS (
    SELECT id FROM procrastinate_workers
    WHERE last_heartbeat < now() - make_interval(secs => %(dead_after_s)s)
), given_back AS (
    UPDATE procrastinate_jobs
    SET status = 'todo', queueing_lock = NULL, worker_id = NULL, attempts = attempts + 1
    WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM dead))
    RETURNING id
) SELECT id FROM given_back
"""
_FORGET_THE_DEAD: Final = """
DELETE FROM procrastinate_workers
WHERE last_heartbeat < now() - make_interval(secs => %(dead_after_s)s)
"""
_OF_MINE: Final = """
SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %(worker_id)s
"""
_GIVE_BACK: Final = """
UPDATE procrastinate_jobs
SET status = 'todo', queueing_lock = NULL, worker_id = NULL, attempts = attempts + 1
WHERE status = 'doing' AND worker_id = %(worker_id)s AND id = ANY(%(ids)s)
"""


class Reaper:
    """Looks now and then; several may look at the same time."""

    def __init__(self, connector: BaseAsyncConnector, dead_after_s: float) -> None:
        self._connector = connector
        self._dead_after_s = dead_after_s
        self._idle: frozenset[int] = frozenset()

    async def reap(self, worker_id: int | None, running: Collection[int]) -> int:
        """Let others do what dead workers had begun; return how many jobs those were.

        A job that is ours by the table, while nothing of it runs here, was lost together with the
        answer of the database that would have ended it. It is given back when it is seen so twice.
        """
        given_back = await self._connector.execute_query_all_async(
            _OF_THE_DEAD, dead_after_s=self._dead_after_s
        )
        await self._connector.execute_query_async(_FORGET_THE_DEAD, dead_after_s=self._dead_after_s)
        mine = await self._connector.execute_query_all_async(_OF_MINE, worker_id=worker_id)
        idle = frozenset(int(row["id"]) for row in mine) - frozenset(running)
        if lost := sorted(idle & self._idle):
            await self._connector.execute_query_async(_GIVE_BACK, worker_id=worker_id, ids=lost)
        self._idle = idle
        return len(given_back) + len(lost)
