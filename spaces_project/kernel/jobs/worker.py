"""The thread of the followers that does what is due."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import close_old_connections, connection
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker

from spaces_project.kernel.clock import now
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.jobs.patience import Patience, TooEarly
from spaces_project.kernel.jobs.reaper import Reaper
from spaces_project.kernel.jobs.waiting import QUEUE
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

Task = Callable[..., None]

THREADS: Final = 4
PAUSE_S: Final = 1.0
LONGEST_NAP_S: Final = 5.0

_BEGUN: Final = "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker looks for jobs, and for jobs of workers that are gone (seconds).

    :param dead_after_s: without a heartbeat, by the database's clock, a worker counts as dead.
    """

    look_s: float = 0.5
    heartbeat_s: float = 2.0
    dead_after_s: float = 10.0


class JobWorker(threading.Thread):
    """Runs due jobs until stopped; whatever becomes of it, it begins anew.

    Any number of processes may have one: a job is handed to one of them at a time. It polls,
    because each connection that listens makes every commit's NOTIFY dearer.

    :param reaps: whether it also takes up the jobs of dead workers.
    """

    def __init__(
        self, tasks: Mapping[str, Task], *, pace: Pace = Pace(), reaps: bool = True
    ) -> None:
        super().__init__(name="jobs", daemon=True)
        self._tasks = tasks
        self._pace = pace
        self._reaps = reaps
        self._running: set[int] = set()
        self._stopped = threading.Event()
        self._worker: Worker | None = None

    def stop(self) -> None:
        """Ask it to end after the jobs that have begun."""
        self._stopped.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopped.is_set():
            try:
                asyncio.run(self._work())
            except Exception as error:
                log.warning("no jobs: %s; trying again", error, exc_info=not passes(error))
            self._stopped.wait(PAUSE_S)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="jobs"))
        connector = PsycopgConnector(
            conninfo=connection_string(), min_size=1, max_size=2, kwargs={"autocommit": True}
        )
        app = App(connector=connector)
        for name, task in self._tasks.items():
            run = partial(self._run_one, task)
            app.task(name=name, queue=QUEUE, retry=Patience(), pass_context=True)(run)
        async with app.open_async():
            self._worker = worker = self._new_worker(app)
            if self._stopped.is_set():
                return
            reaping = asyncio.ensure_future(
                self._reap(Reaper(connector, self._pace.dead_after_s), worker)
            )
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                reaping.cancel()

    def _new_worker(self, app: App) -> Worker:
        return Worker(
            app,
            queues=[QUEUE],
            concurrency=THREADS,
            fetch_job_polling_interval=self._pace.look_s,
            abort_job_polling_interval=3600.0,  # nobody aborts: what has begun is short
            shutdown_graceful_timeout=2.0,
            listen_notify=False,
            delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
            install_signal_handlers=False,
            update_heartbeat_interval=self._pace.heartbeat_s,
            stalled_worker_timeout=self._pace.dead_after_s,
        )

    def _run_one(self, task: Task, context: JobContext, **arguments: str) -> None:
        """Run a job on a thread of the pool."""
        job = context.job
        assert job.id is not None
        self._running.add(job.id)
        try:
            close_old_connections()
            _wait_for_our_clock(job)
            task(**arguments)
        except Exception:
            # It will wait again, and must not stand in the way of one that was scheduled since.
            with connection.cursor() as cursor:
                cursor.execute(_BEGUN, [job.id])
            raise
        finally:
            self._running.discard(job.id)

    async def _reap(self, reaper: Reaper, worker: Worker) -> None:
        while self._reaps:
            await asyncio.sleep(self._pace.heartbeat_s)
            try:
                if found := await reaper.reap(worker.worker_id, self._running):
                    log.warning("%d jobs begin anew: nobody worked on them", found)
            except Exception as error:
                log.warning("jobs of dead workers wait: %s", error, exc_info=not passes(error))


def _wait_for_our_clock(job: Any) -> None:
    """Let a command not see a time before its deadline: the database's clock may be ahead.

    :raises TooEarly: if it is far ahead, or ours was set back; whoever asked then would be told
        that nothing is due, and nobody would ask again.
    """
    if job.scheduled_at is not None:
        early_s = (job.scheduled_at - now()).total_seconds()
        if early_s > 0:
            time.sleep(min(early_s, LONGEST_NAP_S))
        if early_s > LONGEST_NAP_S:
            raise TooEarly(job.scheduled_at)
