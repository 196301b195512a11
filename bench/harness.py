"""What every bench shares: CPU time of processes, rounds beside a peer, a table, the last line.

A bench is a module of this folder. It measures ours and a peer in turns in one run, because values
of two runs differ by a fifth and ratios of one run hardly; it ends with one line of JSON:

    {"bench", "ours", "peer", "peer_name", "unit", "ratio", "better"}

``ratio`` is ours divided by the peer's, ``better`` says whether a lower or a higher one is better.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median
from types import FrameType, MappingProxyType
from typing import IO, Final, TypeVar

import psutil

from spaces_project.launcher.children import ChildProcess, Program, signal_group, spawn
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.packages import ensure_packages
from spaces_project.launcher.trouble import Trouble

PATIENCE_S: Final = 3.0  # until a process that was asked to end is killed

Result = TypeVar("Result")
Word = TypeVar("Word")


class Better(StrEnum):
    """Which way is up."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True)
class Comparison:
    """What was measured: one value a round for each side, in the order of the rounds."""

    bench: str
    peer_name: str
    unit: str
    better: Better
    ours: Sequence[float]
    peer: Sequence[float]

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's, of the medians."""
        return median(self.ours) / median(self.peer)

    def table(self) -> str:
        """Return the rounds and their medians, for a person."""
        rounds = [
            (str(number), mine, other)
            for number, (mine, other) in enumerate(zip(self.ours, self.peer, strict=True), 1)
        ]
        rounds.append(("median", median(self.ours), median(self.peer)))
        width = max(len(self.peer_name), 8)
        lines = [
            f"{self.bench}: {self.unit}, {self.better} is better",
            f"  {'round':<8}{'ours':>8}  {self.peer_name:>{width}}  {'ratio':>6}",
        ]
        for name, mine, other in rounds:
            ratio = mine / other
            lines.append(f"  {name:<8}{mine:>8.3f}  {other:>{width}.3f}  {ratio:>6.2f}")
        return "\n".join(lines)

    def last_line(self) -> str:
        """Return the agreed line of JSON."""
        return json.dumps(
            {
                "bench": self.bench,
                "ours": round(median(self.ours), 4),
                "peer": round(median(self.peer), 4),
                "peer_name": self.peer_name,
                "unit": self.unit,
                "ratio": round(self.ratio, 4),
                "better": self.better,
            }
        )


def finish(
    bench: Callable[[], Comparison],
    within_s: float,
    needs: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> int:
    """Run a bench to its last line; return an exit status.

    :param needs: programs and the packages that have them, the peer's first of all. Installing
        them is not counted: a package manager must not be stopped half way.

    However it ends (done, refused, interrupted, too slow), what it started is stopped: every
    ending arrives in the bench as an exception, so its ``with`` blocks close.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells let background jobs ignore it
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)
    signal.signal(signal.SIGALRM, _too_slow)
    try:
        ensure_packages(needs, purpose="This bench")
        signal.setitimer(signal.ITIMER_REAL, within_s)
        comparison = bench()
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.write(f"\n{comparison.table()}\n\n{comparison.last_line()}\n")
    return 0


def in_turns(
    rounds: int, ours: Callable[[], Result], peer: Callable[[], Result]
) -> Iterator[tuple[Result, Result]]:
    """Measure ours, the peer, ours, the peer ..., so that both see the same weather."""
    for _ in range(rounds):
        mine = ours()
        yield mine, peer()


def cpu_seconds(pid: int) -> float:
    """Return the CPU time, user and system, of a process and everything that it started.

    :raises Trouble: if the process is gone; its figures are worth nothing then.
    """
    try:
        root = psutil.Process(pid)
        if root.status() == psutil.STATUS_ZOMBIE:
            raise psutil.NoSuchProcess(pid)
        spent = root.cpu_times()
        total = spent.user + spent.system + spent.children_user + spent.children_system
        for child in root.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # its parent has its times then
                times = child.cpu_times()
                total += times.user + times.system
    except psutil.NoSuchProcess:
        raise Trouble("A server died while it was measured.") from None
    return total


@contextlib.contextmanager
def running(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[ChildProcess]:
    """Run a program for as long as the block lasts, its complaints in ``log``."""
    program = Program(name, tuple(command), {**os.environ, **(environment or {})}, PROJECT)
    with log.open("ab") as complaints:
        process = spawn(program, subprocess.PIPE, complaints)
    try:
        yield process
    finally:
        end(process)


def end(process: ChildProcess) -> None:
    """Ask a process to end, and kill it if it does not."""
    signal_group(process, signal.SIGTERM)
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        signal_group(process, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def next_word(process: ChildProcess, kind: type[Word], log: Path) -> Word:
    """Return the next line of JSON that a process of ours prints, as ``kind(**members)``.

    :raises Trouble: if it ended instead, with what it complained of last.
    """
    assert process.stdout is not None
    stream: IO[bytes] = process.stdout
    line = stream.readline()
    if not line:
        complaints = log.read_text("utf-8", "replace").strip().splitlines() or ["no word"]
        raise Trouble(f"A process of the bench ended early: {complaints[-1]}")
    return kind(**json.loads(line))


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise Trouble("The bench took too long and was stopped. Is the machine busy?")
