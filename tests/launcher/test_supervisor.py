"""What the supervisor promises, with small children instead of the real processes."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spaces_project.launcher.children import Program
from spaces_project.launcher.printing import Printer
from spaces_project.launcher.supervisor import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    STEADY_AFTER_S,
    StopRequested,
    Supervisor,
    Watched,
)

SLEEPS = "import time; time.sleep(60)"
PROJECT = Path(__file__).parents[2]


def program(name: str, code: str, *, tier: int = 1, patience_s: float = 5.0) -> Program:
    return Program(
        name=name,
        command=(sys.executable, "-c", code),
        environment=dict(os.environ),
        folder=PROJECT,
        tier=tier,
        patience_s=patience_s,
    )


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(said: io.StringIO) -> Iterator[Supervisor]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with Supervisor(Printer(said)) as started:
        yield started
    for number, handler in before.items():
        signal.signal(number, handler)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(condition: Callable[[], bool], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_dead_program_comes_back(supervisor: Supervisor, said: io.StringIO) -> None:
    watched = supervisor.start(program("web", SLEEPS))
    first = watched.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    assert supervisor.wait_until(lambda: watched.pid not in (None, first), 5)
    assert "web" in said.getvalue()
    assert "SIGKILL" in said.getvalue()


def test_the_pause_grows_while_it_keeps_dying_and_starts_anew_after_a_steady_life() -> None:
    watched = Watched(program("web", SLEEPS), comes_back=True)
    watched.started_at = 100.0

    pauses = [watched.next_pause(now=101.0) for _ in range(8)]

    assert pauses[:4] == [FIRST_PAUSE_S * 2**n for n in range(4)]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE_S
    assert watched.next_pause(now=100.0 + STEADY_AFTER_S) == FIRST_PAUSE_S


def test_a_program_that_dies_at_once_is_not_started_in_a_loop(supervisor: Supervisor) -> None:
    starts = 0

    def count() -> None:
        nonlocal starts
        starts += 1

    watched = supervisor.start(program("web", "raise SystemExit(3)"))
    object.__setattr__(watched.program, "prepare", count)
    supervisor.wait_until(lambda: False, 1.2)

    assert 1 <= starts <= 3  # after 0.2, 0.6 and, at the earliest, 1.4 s


def test_what_a_program_says_is_printed_with_its_name(
    supervisor: Supervisor, said: io.StringIO
) -> None:
    supervisor.start(program("media", f"print('on air', flush=True); {SLEEPS}"))

    assert supervisor.wait_until(lambda: "on air" in said.getvalue(), 5)
    assert said.getvalue().splitlines()[0].split(maxsplit=1) == ["media", "on air"]


def test_a_task_runs_once_and_its_last_line_is_its_result(supervisor: Supervisor) -> None:
    task = supervisor.start(program("seed", "print('a'); print('b')"), comes_back=False)

    assert supervisor.wait_until(lambda: task.is_finished, 5)
    assert (task.exit_code, task.last_line) == (0, "b")
    assert supervisor.pids() == {}


def test_clients_end_before_databases(supervisor: Supervisor, tmp_path: Path) -> None:
    ends = tmp_path / "ends"

    def tells(name: str) -> str:
        return (
            "import signal, sys, time\n"
            f"def end(*_): open({str(ends)!r}, 'a').write('{name} '); sys.exit(0)\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "print('ready', flush=True)\n"
            "time.sleep(60)"
        )

    ready = [
        supervisor.start(program("database", tells("database"), tier=0)),
        supervisor.start(program("client", tells("client"), tier=1)),
    ]
    supervisor.wait_until(lambda: all(each.last_line or each.pid for each in ready), 5)
    supervisor.wait_until(lambda: False, 0.5)
    supervisor.stop()

    assert ends.read_text() == "client database "


def test_who_does_not_listen_to_sigterm_is_killed(supervisor: Supervisor) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    watched = supervisor.start(program("deaf", deaf, patience_s=0.3))
    supervisor.wait_until(lambda: False, 0.4)
    pid = watched.pid
    assert pid is not None

    supervisor.stop()

    assert eventually(lambda: not is_alive(pid))


def test_ctrl_c_ends_the_waiting(supervisor: Supervisor) -> None:
    os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(StopRequested):
        supervisor.wait_until(lambda: False, 5)


SUPERVISES = """
import sys
sys.path.insert(0, {project!r})
from tests.launcher.test_supervisor import SLEEPS, Printer, Supervisor, program
with Supervisor(Printer()) as supervisor:
    for name in ("a", "b"):
        supervisor.start(program(name, "import signal;"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPS))
    print(*supervisor.pids().values(), flush=True)
    supervisor.run_forever()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_no_program_outlives_a_supervisor_that_is_killed() -> None:
    code = SUPERVISES.format(project=str(PROJECT))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert [is_alive(pid) for pid in pids] == [True, True]

        parent.kill()
        parent.wait()

        assert eventually(lambda: not any(map(is_alive, pids)))
