"""What doctor looks at. Each examination returns a verdict and a sentence that says what to do."""

import enum
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from spaces_project.launcher import environment
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.packages import missing_packages
from spaces_project.launcher.ports import is_free
from spaces_project.launcher.postgres import binaries
from spaces_project.launcher.secret_files import open_to_others
from spaces_project.launcher.trouble import Trouble

OLDEST_PYTHON = (3, 11)
GIB = 1024**3
WANTED_DISK_GIB = 2.0
WANTED_MEMORY_GIB = 1.5
FSYNCS = 20
SLOW_FSYNC_MS = 20.0
IMPOSSIBLE_FSYNC_MS = 0.02  # faster than any disk answers: a cache says yes for it
PORTS_WANTED = 20
DATABASE_ANSWERS_IN_S = 5


class Verdict(enum.Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


Finding = tuple[Verdict, str]


def python() -> Finding:
    """The language."""
    if sys.version_info < OLDEST_PYTHON:
        return Verdict.FAIL, f"{platform.python_version()} is too old. Install Python 3.11."
    return Verdict.OK, platform.python_version()


def ports() -> Finding:
    """Room for our servers, from port 8000 or SPACES_FIRST_PORT on."""
    first = environment.first_port()
    held = [port for port in range(first, first + PORTS_WANTED) if not is_free(port)]
    ours = (environment.home().state() or {}).get("ports", [])
    findings = []
    if own := [str(port) for port in held if port in ours]:
        findings.append(f"held by Spaces, which runs: {', '.join(own)}")
    if others := [str(port) for port in held if port not in ours]:
        findings.append(f"held by others: {', '.join(others)}; the next free ones are taken")
    return Verdict.OK, "; ".join(findings) or f"{first} and those after it are free"


def disk() -> Finding:
    """Space for the log."""
    free = shutil.disk_usage(_existing(environment.home().path)).free / GIB
    if free < WANTED_DISK_GIB:
        return Verdict.WARN, f"{free:.1f} GiB are free; make room for {WANTED_DISK_GIB:g} GiB"
    return Verdict.OK, f"{free:.0f} GiB are free"


def memory() -> Finding:
    """Space for the processes."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        lines = dict(line.split(":", 1) for line in meminfo.read_text("ascii").splitlines())
        free = int(lines["MemAvailable"].split()[0]) / 1024**2
    if free < WANTED_MEMORY_GIB:
        return Verdict.WARN, f"{free:.1f} GiB are free; {WANTED_MEMORY_GIB:g} GiB are comfortable"
    return Verdict.OK, f"{free:.1f} GiB are free"


def fsync() -> Finding:
    """How long the disk takes to promise: every command waits for it."""
    took_ms = []
    with tempfile.TemporaryFile(dir=_existing(environment.home().path)) as file:
        for _ in range(FSYNCS):
            file.write(b"x" * 8192)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            took_ms.append((time.perf_counter() - started) * 1000)
    median = statistics.median(took_ms)
    if median > SLOW_FSYNC_MS:
        return Verdict.WARN, f"{median:.1f} ms; every command waits that long: use a faster disk"
    if median < IMPOSSIBLE_FSYNC_MS:
        return Verdict.WARN, f"{median:.3f} ms; this disk may forget at a power cut"
    return Verdict.OK, f"{median:.2f} ms"


def postgres() -> Finding:
    """The embedded database server."""
    if os.environ.get("DATABASE_URL"):
        return Verdict.OK, "DATABASE_URL replaces the embedded one"
    command = [str(binaries() / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        return Verdict.FAIL, f"{said.stderr.strip()} Type: rm -rf .venv && ./spaces run"
    return Verdict.OK, said.stdout.strip().rpartition(" ")[2]


def test_tools() -> Finding:
    """The browser and the voice that tests use."""
    wanted = missing_packages()
    if wanted:
        words = " ".join(wanted)
        return Verdict.WARN, f"the tests need: apt-get install {words} (./spaces test does it)"
    return Verdict.OK, "chromium, espeak-ng, node and npm are installed"


def secrets() -> Finding:
    """Who may read the keys."""
    folder = environment.home().secrets
    sentences = open_to_others(folder) if folder.exists() else []
    if sentences:
        return Verdict.FAIL, " ".join(sentences)
    return Verdict.OK, "only you may read them" if folder.exists() else "made by the first run"


def databases() -> Finding:
    """Whether both answer."""
    state = environment.home().state()
    if state is None:
        return Verdict.OK, "Spaces is not running"
    import psycopg  # noqa: PLC0415 the launcher itself starts without any package

    urls = environment.running_databases(state)
    for name, url in zip(("DATABASE_URL", "KEYS_DATABASE_URL"), urls, strict=True):
        try:
            # Not by psql: everybody on the machine can read the words of a command.
            with psycopg.connect(url, connect_timeout=DATABASE_ANSWERS_IN_S) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            return Verdict.FAIL, f"{name}: {_one_line(error)} See the lines of ./spaces run."
    return Verdict.OK, "both answer"


def followers() -> Finding:
    """How far the read models are behind the log."""
    home = environment.home()
    state = home.state()
    if state is None:
        return Verdict.OK, "Spaces is not running"
    database_url, keys_database_url = environment.running_databases(state)
    variables = {
        **os.environ,
        "SPACES_HOME": str(home.path),
        "SPACES_SECRETS": str(home.secrets),
        "DATABASE_URL": database_url,
        "KEYS_DATABASE_URL": keys_database_url,
    }
    command = [sys.executable, "manage.py", "follower_lag"]
    said = subprocess.run(
        command, cwd=PROJECT, env=variables, capture_output=True, text=True, timeout=30, check=False
    )
    words = (said.stdout or said.stderr).strip().splitlines() or ["no word"]
    sentence = words[-1].removeprefix("CommandError: ")
    if said.returncode != 0:
        return Verdict.WARN, f"{sentence} If it lasts, look at the lines named followers."
    return Verdict.OK, sentence


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _existing(folder: Path) -> Path:
    """The folder or the nearest one above it that is there."""
    for each in (folder, *folder.parents):
        if each.exists():
            return each
    raise Trouble(f"{folder} is nowhere.")


EXAMINATIONS: dict[str, Callable[[], Finding]] = {
    "python": python,
    "ports": ports,
    "disk": disk,
    "memory": memory,
    "fsync": fsync,
    "postgres": postgres,
    "tests": test_tools,
    "secrets": secrets,
    "databases": databases,
    "followers": followers,
}
