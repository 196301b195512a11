"""Workers in processes of their own, whose jobs leave one event each.

``python -m tests.kernel.jobs.alarm_clocks LINGER_MS [broken]`` forks one for each line that it
reads, and says its process id.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from uuid import UUID

import django

from spaces_project.kernel.commands import command
from spaces_project.kernel.jobs.worker import JobWorker, Pace
from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.launcher.children import LIBC, PR_SET_PDEATHSIG
from tests.kernel.jars import Jar

RING = "tests.ring"
PACE = Pace(look_s=0.1, heartbeat_s=0.3, dead_after_s=2.0)


@command
def ring(*, clock_id: UUID) -> Receipt:
    """Put a marble into the clock's jar, unless there is one: it decides again, as timers do."""
    jar = event_log().fill(Jar(clock_id))
    if not jar.colours:
        jar.add("red")
    return event_log().append(jar)


def rings(linger_ms: float) -> dict[str, Callable[..., None]]:
    """Return the one task: it lingers behind its effect, so that a kill meets some there."""

    def task(clock: str) -> None:
        ring(clock_id=UUID(clock))
        time.sleep(random.uniform(0, linger_ms / 1000))

    return {RING: task}


def work(linger_ms: str, variant: str = "") -> None:
    """Run until asked to stop."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    worker = JobWorker(rings(float(linger_ms)), pace=PACE, reaps=variant != "broken")
    worker.start()
    stopped.wait()
    worker.stop()
    worker.join(5)


def main(*words: str) -> None:
    """Fork a worker for each line, without the second that a start of Python costs."""
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            if LIBC is not None:
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            work(*words)
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
