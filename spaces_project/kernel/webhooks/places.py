"""How many deliveries run at once, and of whom: nobody's dead server takes all places."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Final
from uuid import UUID

from spaces_project.kernel.webhooks.lines import Line

HEALTHY: Final = 48  # places for endpoints that answered the last time, or were never asked
FAILING: Final = 16  # for those that did not: a place may be taken for as long as the time limit
OF_ONE: Final = 4  # rooms of one endpoint side by side; one, if it fails


class Places:
    """What runs now."""

    def __init__(self) -> None:
        self._running: dict[tuple[UUID, UUID], asyncio.Task[None]] = {}
        self._by_endpoint: Counter[UUID] = Counter()
        self._by_state: Counter[bool] = Counter()

    @property
    def worth_asking(self) -> int:
        """How many due lines of an endpoint to ask for: those that run are among them."""
        return 2 * OF_ONE

    def has_one_for(self, line: Line) -> bool:
        """Tell whether a line may begin now."""
        if (line.endpoint_id, line.room_id) in self._running:
            return False
        if self._by_endpoint[line.endpoint_id] >= (1 if line.is_failing else OF_ONE):
            return False
        return self._by_state[line.is_failing] < (FAILING if line.is_failing else HEALTHY)

    def take(self, line: Line, task: asyncio.Task[None], done: Callable[[], None]) -> None:
        """Keep a place for a line until its task is over; then say so."""
        key = line.endpoint_id, line.room_id
        self._running[key] = task
        self._by_endpoint[line.endpoint_id] += 1
        self._by_state[line.is_failing] += 1

        def free(_task: asyncio.Task[None]) -> None:
            del self._running[key]
            self._by_state[line.is_failing] -= 1
            self._by_endpoint[line.endpoint_id] -= 1
            if not self._by_endpoint[line.endpoint_id]:
                del self._by_endpoint[line.endpoint_id]
            done()

        task.add_done_callback(free)

    async def end(self, within_s: float) -> None:
        """Wait a moment for what runs, then cut it off."""
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
