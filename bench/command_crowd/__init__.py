"""Processes full of threads that ask commands as fast as they are answered, and their peer.

Every thread of ours joins and leaves rooms for people of its own: the whole command, with loading,
rules, encryption, seq and receipt. Every thread of the peer lets an aggregate of its own do the
same, and saves it. Both store one event each time.
"""

import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.harness import next_word, running

GO: Final = "go"


@dataclass(frozen=True)
class Ready:
    """A process has all that it needs, and waits for the others."""

    pid: int


@dataclass(frozen=True)
class Done:
    """What one process did: commands in so many seconds, each in so many milliseconds."""

    commands: int
    seconds: float
    median_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Crowd:
    """So many processes of so many threads each."""

    processes: int
    threads: int

    def __str__(self) -> str:
        of = f"{self.processes} processes x " if self.processes > 1 else ""
        return f"{of}{self.threads} thread{'s' if self.threads > 1 else ''}"


@dataclass(frozen=True)
class Answered:
    """What a crowd got done."""

    per_second: float
    median_ms: float
    p99_ms: float


def let_ask(
    side: str, crowd: Crowd, seconds: float, folder: Path, environment: dict[str, str]
) -> Answered:
    """Let a crowd ask for so long, all of it in the same seconds.

    :param side: ``ours`` or ``peer``.
    """
    go = folder / GO
    go.unlink(missing_ok=True)
    log = folder / f"{side}.log"
    words = ["-m", f"bench.command_crowd.{side}", str(crowd.threads), str(seconds), str(go)]
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(
                running(side, [sys.executable, *words], log=log, environment=environment)
            )
            for _ in range(crowd.processes)
        ]
        for process in processes:
            next_word(process, Ready, log)
        go.touch()
        done = [next_word(process, Done, log) for process in processes]
    return _together(done)


def wait_for(go: Path) -> None:
    """Wait until all processes are ready."""
    while not go.exists():
        time.sleep(0.002)


def _together(done: Sequence[Done]) -> Answered:
    return Answered(
        per_second=sum(each.commands / each.seconds for each in done),
        median_ms=median(each.median_ms for each in done),
        p99_ms=max(each.p99_ms for each in done),
    )
