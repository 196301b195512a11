"""Timers that are due while their workers are killed: each rings once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from spaces_project.kernel.clock import now
from spaces_project.kernel.jobs import schedule
from spaces_project.kernel.jobs.failed import counts
from spaces_project.launcher.environment import PROJECT
from tests.full_size import reached
from tests.kernel.jars import MarbleAdded, eventually, stored
from tests.kernel.jobs.alarm_clocks import RING

WORKERS = 2
DONE_WITHIN_S = 120.0
SPREAD_S = 3.0  # the timers are due within such a time
LOST_WITHIN_S = 5.0  # twice as long as a reaper would need


@dataclass
class Outcome:
    """What became of the timers."""

    timers: int
    kills: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def exactly_once(self) -> bool:
        """True if each timer left one event."""
        return not self.lost and not self.doubled

    def __str__(self) -> str:
        return f"{self.timers} timers, {self.kills} kills: {self.lost} lost, {self.doubled} doubled"


def run(seed: int, *, timers: int, kills: int, linger_ms: float, variant: str = "") -> Outcome:
    """Schedule timers, kill whoever rings them, and count."""
    chance, outcome = random.Random(seed), Outcome(timers)
    clocks = [UUID(int=chance.getrandbits(128)) for _ in range(timers)]
    begin = now()
    for clock in clocks:
        at = begin + timedelta(seconds=chance.uniform(0, SPREAD_S))
        assert schedule(RING, at, f"ring {clock}", clock=str(clock))
    words = [sys.executable, "-m", "tests.kernel.jobs.alarm_clocks", str(linger_ms), variant]
    nursery = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT, text=True
    )
    workers: list[int] = []
    try:
        for number in range(kills + 1):
            reached(f"{number} of {kills} kills")
            while len(workers) < WORKERS:
                workers.append(_one_more(nursery))
            if number < kills:
                _kill_one_at_work(workers, chance)
                outcome.kills += 1
        assert eventually(lambda: not counts().waiting, DONE_WITHIN_S)
        eventually(_is_all_done, LOST_WITHIN_S if variant else DONE_WITHIN_S)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGTERM)
        nursery.communicate(timeout=30)
    _count(outcome, clocks)
    return outcome


def _one_more(nursery: subprocess.Popen[str]) -> int:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("one more\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def _is_all_done() -> bool:
    found = counts()
    return not found.waiting and not found.running


def _kill_one_at_work(workers: list[int], chance: random.Random) -> None:
    """Kill a process when something runs, so that most kills meet a job in the middle."""
    eventually(lambda: counts().running, 5.0)
    time.sleep(chance.uniform(0, 0.05))
    victim = workers.pop(chance.randrange(len(workers)))
    os.kill(victim, signal.SIGKILL)


def _count(outcome: Outcome, clocks: list[UUID]) -> None:
    rung = Counter(
        each.event.originator_id for each in stored() if isinstance(each.event, MarbleAdded)
    )
    outcome.lost = sum(clock not in rung for clock in clocks) + counts().running
    outcome.doubled = sum(number - 1 for number in rung.values())
