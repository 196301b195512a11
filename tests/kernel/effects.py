"""Processes that follow with one read model whose effects can be counted: E-06's runners.

``python -m tests.kernel.effects LINGER_MS [broken]`` forks one for each line that it reads, and
says its process id; at the end of what it reads it waits for all, and says how each ended.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar

import django
import psycopg
from django.db import connection

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.runner import Runner
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.launcher.children import LIBC, PR_SET_PDEATHSIG
from tests.kernel.jars import MarbleAdded, as_owner

INSERT = "INSERT INTO tests_effects (position, pid) VALUES (%s, %s)"


class Effects(ReadModel):
    """Adds a row for every event, and would add a second one if asked twice.

    :param linger_s: how long each effect takes, so that a kill meets one in the middle.
    """

    name = "tests_effects"
    tables = ("tests_effects",)
    listen_to: ClassVar[tuple[type[DomainEvent], ...]] = (MarbleAdded,)

    def __init__(self, linger_s: float = 0.0) -> None:
        self._linger_s = linger_s

    def apply(self, recorded: Recorded) -> None:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [recorded.position, os.getpid()])
        if self._linger_s:
            time.sleep(self._linger_s)


class Broken(Effects):
    """The broken variant: its effects are not in the transaction of its position."""

    def __init__(self, linger_s: float) -> None:
        super().__init__(linger_s)
        self._own = psycopg.connect(connection_string(), autocommit=True)

    def apply(self, recorded: Recorded) -> None:
        self._own.execute(INSERT, [recorded.position, os.getpid()])
        time.sleep(self._linger_s)


@contextmanager
def effects_table() -> Iterator[None]:
    """The table of effects; no key forbids a second one."""
    with as_owner() as owner:
        owner.execute("CREATE TABLE tests_effects (position bigint, pid int)")
    try:
        yield
    finally:
        with as_owner() as owner:
            owner.execute("DROP TABLE tests_effects")


def follow(linger_ms: str, variant: str = "") -> None:
    """Run until asked to stop."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    kind = Broken if variant == "broken" else Effects
    runner = Runner([kind(float(linger_ms) / 1000)])
    runner.start()
    stopped.wait()
    runner.stop()


def fork_for_each_line(*words: str) -> None:
    """Start runners without the second that a start of Python costs."""
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            if LIBC is not None:
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            follow(*words)
            os._exit(0)
        say(pid)
    with suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            say(pid, os.waitstatus_to_exitcode(status))


def say(*numbers: int) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(map(str, numbers)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    fork_for_each_line(*sys.argv[1:])
