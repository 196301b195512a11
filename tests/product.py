"""The whole product, started as a person starts it, for tests that kill and measure."""

import contextlib
import json
import os
import random
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spaces_project.launcher.environment import PROJECT, Home

READY_WITHIN_S = 90.0
BACK_WITHIN_S = 20.0
STOPS_WITHIN_S = 30.0
UNLIMITED = ("REST", "REGISTRATIONS", "JOINS", "ROOMS", "INVITATIONS")
OURS = ("SPACES_", "DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "PYTEST_", "DJANGO_")


class Product:
    """A running product in a folder of its own; ``pids`` name its processes."""

    def __init__(self, folder: Path, *words: str, **variables: str) -> None:
        self.home = Home(folder)
        self.said = folder.parent / f"{folder.name}.lines"
        self._words = words
        self._variables = variables
        self._launcher: subprocess.Popen[bytes] | None = None
        self._first: dict[str, Any] = {}

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        with self.said.open("ab") as lines:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "spaces_project.launcher", "run", "--json", *self._words],
                cwd=PROJECT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=lines,
            )
        line = _line(self._launcher, READY_WITHIN_S)
        if not line:
            self.stop()
            raise AssertionError(f"The product did not start:\n{self.lines()}")
        self._first = json.loads(line)

    def stop(self) -> None:
        """Stop everything as Ctrl-C does."""
        launcher, self._launcher = self._launcher, None
        if launcher is None:
            return
        launcher.send_signal(signal.SIGINT)
        try:
            launcher.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            launcher.kill()
            launcher.wait()
        if launcher.stdout is not None:
            launcher.stdout.close()

    @property
    def base_url(self) -> str:
        """Where web answers."""
        return str(self._first["base_url"])

    @property
    def links(self) -> list[dict[str, str]]:
        """The one-time sign-in links of the demo: who, handle, url."""
        return list(self._first["links"])

    @property
    def database_url(self) -> str:
        """Where the event log and the read models are."""
        return str(self._first["database_url"])

    @property
    def keys_database_url(self) -> str:
        """Where the keys are."""
        return str(self._first["keys_database_url"])

    @property
    def launcher_pid(self) -> int:
        """The supervisor itself."""
        assert self._launcher is not None
        return self._launcher.pid

    @property
    def pids(self) -> dict[str, int]:
        """What runs at this moment, by name; a name is missing while it is down."""
        state = json.loads((self.home.run / "launcher.json").read_text("utf-8"))
        return dict(state["pids"])

    def environment(self) -> dict[str, str]:
        """The variables for a manage.py command beside the running product."""
        return self._environment() | {
            "DATABASE_URL": self.database_url,
            "KEYS_DATABASE_URL": self.keys_database_url,
            "SPACES_BASE_URL": self.base_url,
        }

    def manage(self, *words: str, timeout_s: float = 120) -> str:
        """Run a command of manage.py beside it and return what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=self.environment(),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=timeout_s,
        ).stdout

    def kill(self, name: str, signal_number: signal.Signals = signal.SIGKILL) -> int:
        """Kill a process by its name (web, followers, media, postgres, keys, demo_speaker)."""
        pid = self.pids[name]
        os.kill(pid, signal_number)
        return pid

    def wait_until_back(self, name: str, instead_of: int) -> int:
        """Wait until the supervisor has started it anew; it may not be ready yet."""
        deadline = time.monotonic() + BACK_WITHIN_S
        while True:
            pid = self.pids.get(name, instead_of)
            if pid != instead_of:
                return pid
            assert time.monotonic() < deadline, f"{name} did not come back:\n{self.lines()}"
            time.sleep(0.02)

    def lines(self, last: int = 80) -> str:
        """The last lines that its processes printed."""
        return "\n".join(self.said.read_text("utf-8", "replace").splitlines()[-last:])

    def _environment(self) -> dict[str, str]:
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
        return {
            **inherited,
            "SPACES_HOME": str(self.home.path),
            # A test is a crowd behind one address; tests of limits set their own.
            **{
                f"SPACES_LIMIT_{name}": "none"
                for name in ("REST", "REGISTRATIONS", "JOINS", "ROOMS", "INVITATIONS")
            },
            # Below the ports that the system gives to clients, and different for each product.
            "SPACES_FIRST_PORT": str(random.SystemRandom().randrange(12000, 32000, 8)),
            **self._variables,
        }


@contextlib.contextmanager
def running(folder: Path, *words: str, **variables: str) -> Iterator[Product]:
    """A product for the length of a block; words go to ``./spaces run``."""
    product = Product(folder, *words, **variables)
    try:
        product.start()
        yield product
    finally:
        product.stop()


def _line(process: subprocess.Popen[bytes], timeout_s: float) -> bytes:
    """The first line of its output, or nothing when it ends or takes too long."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(timeout_s) else b""
