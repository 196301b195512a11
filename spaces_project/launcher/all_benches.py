"""``./spaces bench --all``: every bench in a process of its own, their figures on one page."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from spaces_project.launcher import bench_page
from spaces_project.launcher.bench_page import Figure
from spaces_project.launcher.children import ChildProcess, Program, signal_group, spawn
from spaces_project.launcher.environment import PROJECT

PAGE: Final = PROJECT / "docs" / "benchmarks.md"
# A bench has its own bound; this one is for a bench that hangs where its own does not reach, such
# as the installation of its peer.
LONGEST_S: Final = 1200.0
PATIENCE_S: Final = 10.0


def measure_all(
    names: Sequence[str], *, page: Path = PAGE, package: str = "bench", folder: Path = PROJECT
) -> int:
    """Run the benches one after the other and write their figures; 1 if one of them had none.

    The page is written after each bench, so that an interruption loses nothing.
    """
    failed = []
    for place, name in enumerate(names, 1):
        _say(f"\n== {name} ({place} of {len(names)})")
        facts = {"date": bench_page.today(), "machine": bench_page.machine()}
        module = f"{package}.{name.replace('-', '_')}"
        found, code = measure([sys.executable, "-m", module], folder)
        if code != 0 or not found or found[-1].bench != name:
            failed.append(name)
            _say(f"== {name} failed with {code}; its row stays as it was")
            continue
        pages = page.with_suffix("")
        rows = [bench_page.row(figure, **facts, pages=pages) for figure in found]
        bench_page.update(page, {name: rows})
    done = len(names) - len(failed)
    _say(f"\n== {done} of {len(names)} measured, see {page.name}")
    if failed:
        _say(f"== without a figure: {', '.join(failed)}")
    return 1 if failed else 0


def measure(command: Sequence[str], folder: Path) -> tuple[list[Figure], int]:
    """Run one bench, show what it prints, and return its figures and its exit status.

    Its last line is the figure that has its name; lines of the same shape above it are further
    ones, named ``<bench> <what>``.
    """
    found = []
    with _running(command, folder) as process:
        assert process.stdout is not None
        for line in process.stdout:
            text = line.decode("utf-8", "replace")
            _say(text.rstrip("\n"))
            if figure := _figure(text):
                found.append(figure)
        return found, process.wait()


def _figure(line: str) -> Figure | None:
    if not line.startswith("{"):
        return None
    try:
        return Figure(**json.loads(line))
    except (json.JSONDecodeError, TypeError):
        return None


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[ChildProcess]:
    """Run a bench, which stops what it started when it is asked to end, however we end."""
    program = Program(
        "bench", tuple(command), dict(os.environ), folder, orphan_signal=signal.SIGTERM
    )
    process = spawn(program, subprocess.PIPE, 2)
    too_long = threading.Timer(LONGEST_S, process.terminate)
    too_long.daemon = True
    too_long.start()
    try:
        yield process
    finally:
        too_long.cancel()
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
