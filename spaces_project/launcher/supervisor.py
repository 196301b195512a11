"""Starts programs, prints what they say, brings back those that die, ends them in order."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType
from typing import Self

from spaces_project.launcher.children import ChildProcess, Program, signal_group, spawn
from spaces_project.launcher.printing import Printer
from spaces_project.launcher.trouble import Trouble

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0
TICK_S = 0.05
CHUNK = 65536


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Watched:
    """A program and its present process, if it has one."""

    def __init__(self, program: Program, *, comes_back: bool) -> None:
        self.program = program
        self.comes_back = comes_back
        self.process: ChildProcess | None = None
        self.started_at = 0.0
        self.pause_s = FIRST_PAUSE_S
        self.due_at: float | None = None
        self.last_line = ""
        self.open_streams = 0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process and self.process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs or waits to come back."""
        return self.process.poll() if self.process else None

    @property
    def is_finished(self) -> bool:
        """Whether it ended and everything that it said was read."""
        return self.exit_code is not None and self.open_streams == 0

    def is_worth_printing(self, line: str, stream: object) -> bool:
        """Whether a person should see it; what a task prints is its result, and is kept."""
        if not self.comes_back and self.process and stream is self.process.stdout:
            self.last_line = line
            return False
        return not line.startswith(self.program.hushed)

    def next_pause(self, now: float) -> float:
        """How long to wait before it comes back: longer each time, unless it had been steady."""
        if now - self.started_at >= STEADY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        pause = self.pause_s
        self.pause_s = min(LONGEST_PAUSE_S, self.pause_s * 2)
        return pause


class Supervisor:
    """Everything that runs, in one thread.

    One thread, because the kernel ties "die with your parent" to the thread that forked.
    """

    def __init__(self, printer: Printer, on_change: Callable[[], None] = lambda: None) -> None:
        self._printer = printer
        self._on_change = on_change
        self._selector = selectors.DefaultSelector()
        self._watched: list[Watched] = []
        self._stop_requests = 0

    def __enter__(self) -> Self:
        """Listen to signals from here on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running, whatever happened."""
        self.stop()

    def start(self, program: Program, *, comes_back: bool = True) -> Watched:
        """Start a program; it is brought back whenever it ends, or runs once."""
        watched = Watched(program, comes_back=comes_back)
        self._watched.append(watched)
        self._launch(watched)
        return watched

    def pids(self) -> dict[str, int]:
        """What runs at this moment."""
        return {each.program.name: each.pid for each in self._watched if each.pid is not None}

    def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Go on supervising until the condition holds; False when it took too long."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.turn()
        return True

    def run_forever(self) -> None:
        """Supervise until somebody asks to stop."""
        with contextlib.suppress(StopRequested):
            while True:
                self.turn()

    def turn(self) -> None:
        """One round: print what was said, notice who died, bring back who is due."""
        self._listen(TICK_S)
        for watched in list(self._watched):
            self._look_after(watched)
        if self._stop_requests:
            raise StopRequested

    def stop(self) -> None:
        """End everything: clients before databases, the last started first."""
        for tier in sorted({each.program.tier for each in self._watched}, reverse=True):
            group = [each for each in reversed(self._watched) if each.program.tier == tier]
            self._end(group)
        self._watched.clear()
        self._listen(0)

    def _end(self, group: list[Watched]) -> None:
        running = [each for each in group if each.process and each.pid is not None]
        for each in running:
            _signal(each, each.program.stop_signal)
        deadline = time.monotonic() + max((each.program.patience_s for each in running), default=0)
        already = self._stop_requests
        while any(each.pid is not None for each in running):
            impatient = self._stop_requests > max(1, already)
            if time.monotonic() > deadline or impatient:
                break
            self._listen(TICK_S)
        for each in running:
            # Also when it ended: what it started itself may still be there.
            _kill_group(each)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requests += 1

    def _launch(self, watched: Watched) -> None:
        watched.due_at = None
        watched.program.prepare()
        process = spawn(watched.program, subprocess.PIPE, subprocess.PIPE)
        watched.process, watched.started_at = process, time.monotonic()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            watched.open_streams += 1
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ, (watched, stream, _Lines()))
        self._on_change()

    def _look_after(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.due_at is not None and now >= watched.due_at:
            self._bring_back(watched, now)
        elif watched.comes_back and watched.due_at is None and watched.pid is None:
            _kill_group(watched)
            pause = watched.next_pause(now)
            watched.due_at = now + pause
            how = _ending(watched.exit_code)
            self._printer.say(f"{watched.program.name} {how}; it comes back in {pause:g} s")
            self._on_change()

    def _bring_back(self, watched: Watched, now: float) -> None:
        try:
            self._launch(watched)
        except Trouble as trouble:
            pause = watched.next_pause(now)
            watched.due_at = now + pause
            self._printer.say(f"{trouble} The next attempt is in {pause:g} s.")

    def _listen(self, timeout_s: float) -> None:
        if not self._selector.get_map():
            time.sleep(timeout_s)
            return
        for key, _ in self._selector.select(timeout_s):
            watched, stream, lines = key.data
            chunk = os.read(key.fd, CHUNK)
            for line in lines.feed(chunk):
                if watched.is_worth_printing(line, stream):
                    self._printer.line(watched.program.name, line)
            if not chunk:
                watched.open_streams -= 1
                self._selector.unregister(stream)
                stream.close()


class _Lines:
    """Whole lines from pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that are complete now; an empty chunk ends the last one."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            whole, self._rest = [self._rest], b""
        return [line.decode("utf-8", "replace").rstrip("\r") for line in whole]


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _signal(watched: Watched, number: signal.Signals) -> None:
    """A database's own children must not hear its signals; others have no children."""
    if watched.process and watched.process.poll() is None:
        if watched.program.tier == 0:
            watched.process.send_signal(number)
        else:
            signal_group(watched.process, number)


def _kill_group(watched: Watched) -> None:
    if watched.process:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(watched.process.pid, signal.SIGKILL)
