"""Tells endpoints what they wait for: in order per room, rooms and endpoints side by side."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import close_old_connections

from spaces_project.kernel.following.waiting import CHANNEL
from spaces_project.kernel.listener import listener
from spaces_project.kernel.outages import passes
from spaces_project.kernel.webhooks import feed, lines
from spaces_project.kernel.webhooks.lines import Line
from spaces_project.kernel.webhooks.places import HEALTHY, Places
from spaces_project.kernel.webhooks.posting import Poster
from spaces_project.kernel.webhooks.resolving import Resolve, resolve
from spaces_project.kernel.webhooks.sources import Told
from spaces_project.kernel.webhooks.telling import prepare, tell

log = logging.getLogger(__name__)

LEASE: Final = "webhooks sender"
LOOK_S: Final = 1.0  # a retry is due without anybody saying so
CALM_S: Final = 0.02  # between two looks, however much is delivered
CALM: Final = 4  # times as long as a look took: looking is at most a fifth of the work
THREADS: Final = 4  # that ask the database
TROUBLE_S: Final = 1.0  # a line that met trouble of ours comes back no sooner
ENDS_WITHIN_S: Final = 1.0
Answer = TypeVar("Answer")


class Sender(threading.Thread):
    """Runs deliveries on an event loop of its own while it holds the lease.

    It keeps nothing: what is due, what failed and what is held stands in the tables, so it may be
    killed anywhere. What was sent and not yet marked is sent again, under the same id.
    """

    lease = LEASE

    def __init__(self, told: Told, ask: Resolve = resolve) -> None:
        super().__init__(name=LEASE, daemon=True)
        self._told = told
        self._ask_names = ask
        self._leads = False
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._places = Places()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook rows")

    def lead(self, leads: bool) -> None:
        """Begin or cease; what is on its way is finished."""
        self._leads = leads
        self.wake()

    def wake(self) -> None:
        """Look now."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    def stop(self) -> None:
        """Ask the thread to end; what is on its way is cut off after a second."""
        self._stopped = True
        self.wake()

    def run(self) -> None:
        """Deliver until stopped."""
        with listener().subscribed(CHANNEL, self._hear):
            asyncio.run(self._run())
        self._threads.shutdown(wait=False)

    def _hear(self, payload: str) -> None:
        if not payload or payload.startswith(f"{feed.NAME}:"):
            self.wake()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        poster = Poster(settings.WEBHOOK_TIMEOUT_S, HEALTHY, self._ask_names)
        try:
            while not self._stopped:
                self._woken.clear()
                began = time.monotonic()
                if self._leads:
                    await self._look(poster)
                looked_s = time.monotonic() - began
                try:
                    await asyncio.wait_for(self._woken.wait(), LOOK_S)
                except TimeoutError:
                    continue
                await asyncio.sleep(max(CALM_S, CALM * looked_s))
        finally:
            await self._places.end(ENDS_WITHIN_S)
            await poster.close()

    async def _look(self, poster: Poster) -> None:
        """Begin what is due, as far as there are places."""
        try:
            found = await self._ask(lines.due, self._places.worth_asking)
        except Exception as error:
            log.warning("webhooks wait: %s; trying again", error, exc_info=not passes(error))
            return
        for line in found:
            if self._places.has_one_for(line):
                self._places.take(line, asyncio.create_task(self._tell(poster, line)), self.wake)

    async def _tell(self, poster: Poster, line: Line) -> None:
        try:
            prepared = await self._ask(prepare, line, self._told)
            if prepared is not None:
                await tell(poster, line, prepared, self._ask, lambda: self._goes_on)
        except Exception as error:
            if passes(error):
                log.warning("webhooks of a room wait: %s; trying again", error)
                await asyncio.sleep(TROUBLE_S)
                return
            # It would come again, each second: it stops here, and somebody has to look.
            log.exception("endpoint %s is held in room %s", line.endpoint_id, line.room_id)
            await self._ask(lines.failed, line, line.told_seq, line.attempts, ())

    @property
    def _goes_on(self) -> bool:
        return self._leads and not self._stopped

    async def _ask(self, question: Callable[..., Answer], *arguments: Any) -> Answer:
        """Ask the database, on a thread."""

        def asked() -> Answer:
            close_old_connections()
            return question(*arguments)

        assert self._loop is not None
        return await self._loop.run_in_executor(self._threads, asked)
