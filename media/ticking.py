"""When each room ticks: every 20 ms, rooms spread over the interval."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from typing import Final
from uuid import UUID

TICK_S: Final = 0.02
PHASES: Final = 10  # 2 ms apart
MOST_BEHIND_S: Final = 0.2  # after a longer stall ticks are skipped, not caught up


class TickSchedule:
    """Calls rooms' ticks on time; a new room takes the phase with the fewest rooms."""

    def __init__(self) -> None:
        self.skipped = 0
        self._loop = asyncio.get_running_loop()
        self._phases: dict[UUID, int] = {}
        self._timers: dict[UUID, asyncio.TimerHandle] = {}

    def add(self, room_id: UUID, tick: Callable[[int], None]) -> None:
        """Tick for a room from now on; ``tick`` is told how many ticks were skipped."""
        taken = Counter(self._phases.values())
        phase = min(range(PHASES), key=lambda each: taken[each])
        self._phases[room_id] = phase
        whole = math.ceil(self._loop.time() / TICK_S) * TICK_S
        self._call_at(room_id, whole + phase * TICK_S / PHASES, tick)

    def remove(self, room_id: UUID) -> None:
        """Tick for a room no more."""
        self._phases.pop(room_id, None)
        if (timer := self._timers.pop(room_id, None)) is not None:
            timer.cancel()

    def _call_at(self, room_id: UUID, due: float, tick: Callable[[int], None]) -> None:
        self._timers[room_id] = self._loop.call_at(due, self._run, room_id, due, tick)

    def _run(self, room_id: UUID, due: float, tick: Callable[[int], None]) -> None:
        behind, skipped = self._loop.time() - due, 0
        if behind > MOST_BEHIND_S:
            skipped = int(behind / TICK_S)
            self.skipped += skipped
        # The next tick is set first: one that raises must not silence its room.
        self._call_at(room_id, due + (1 + skipped) * TICK_S, tick)
        tick(skipped)
