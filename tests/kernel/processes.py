"""A real web process and its followers on the tests' databases."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from accounts import commands as accounts
from accounts.projections.people import People
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id, public
from spaces_project.launcher.children import ChildProcess, Program, spawn
from spaces_project.launcher.environment import PROJECT

READY_WITHIN_S = 90.0  # on a machine that does ten things at once
PAGE = "http://127.0.0.1"


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a token."""

    account_id: UUID
    token: str

    @property
    def public_id(self) -> str:
        """The account as clients name it."""
        return public("acc", self.account_id)


def somebody(name: str = "Somebody") -> Person:
    """Return somebody new."""
    account_id = accounts.register(handle=f"h{new_id().hex[-12:]}", name=name).entity_id
    while project(People()):
        pass  # commands about somebody look the person up
    return Person(account_id, issue_token(account_id, frozenset(), timedelta(hours=1)))


@dataclass
class Answer:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Web:
    """The process, its address, and a window into it."""

    def __init__(self, folder: Path, variants: Sequence[str] = ()) -> None:
        self._variants = variants
        self.port = _free_port()
        self.levels_port = _free_port()
        self.base_url = f"{PAGE}:{self.port}"
        self._folder = folder
        self._processes: dict[str, ChildProcess] = {}
        self._log = (folder / "lines").open("ab")

    def start(self) -> None:
        """Start what does not run and wait until it serves."""
        (self._folder / "window").unlink(missing_ok=True)
        if "followers" not in self._processes:
            self._processes["followers"] = self._spawn("followers", "manage.py", "followers")
        window = str(self._folder / "window")
        self._processes["web"] = self._spawn(
            "web", "-m", "tests.kernel.observed_web", str(self.port), window, *self._variants
        )
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._is_ready():
            assert self._processes["web"].poll() is None, self.lines()
            assert time.monotonic() < deadline, self.lines()
            time.sleep(0.03)

    def kill(self) -> None:
        """End web as a crash does."""
        web = self._processes.pop("web")
        web.kill()
        web.wait()

    def signal(self, number: int) -> None:
        """Send web a signal, for instance to stand still."""
        self._processes["web"].send_signal(number)

    def stop(self) -> dict[str, int]:
        """Ask all to end; return their exit codes."""
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        codes = {}
        for name, process in self._processes.items():
            try:
                codes[name] = process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[name] = process.wait()
        self._processes.clear()
        self._log.close()
        return codes

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        who: Person | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; bytes go as they are, everything else as JSON."""
        given = dict(headers or {})
        if who is not None:
            given["Authorization"] = f"Bearer {who.token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            given.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request(method, path, body, given)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())

    def window(self, *, collected: bool = False) -> dict[str, Any]:
        """Return what the process holds for its sockets.

        :param collected: let it collect its garbage first, which takes some ten milliseconds.
        """
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(self._folder / "window"))
            visitor.sendall(b"collect" if collected else b"")
            visitor.shutdown(socket.SHUT_WR)
            pieces = []
            while piece := visitor.recv(65536):
                pieces.append(piece)
        found: dict[str, Any] = json.loads(b"".join(pieces))
        return found

    def held_for(self, person: Person) -> list[int]:
        """Return the bytes that wait in the transports of somebody's sockets."""
        found = self.window()["held"]
        return [each["held"] for each in found if each["account"] == str(person.account_id)]

    def is_blocked(self, person: Person) -> bool:
        """Tell whether something waits for somebody's sockets to read on."""
        found = self.window()["held"]
        return any(e["blocked"] for e in found if e["account"] == str(person.account_id))

    def memory_kib(self, *, collected: bool = False) -> int:
        """Return the resident memory of the process, without its garbage if it is ``collected``."""
        if collected:
            self.window(collected=True)
        status = Path(f"/proc/{self._processes['web'].pid}/status").read_text("ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1])

    def lines(self, last: int = 60) -> str:
        """Return the last lines that the processes wrote."""
        text = (self._folder / "lines").read_text("utf-8", "replace")
        return "\n".join(text.splitlines()[-last:])

    def _is_ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz").status == 200
        except OSError:
            return False

    def _spawn(self, name: str, *words: str) -> ChildProcess:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "spaces_project.settings",
            "SPACES_PRESET": "classic",
            "SPACES_BASE_URL": self.base_url,
            "SPACES_ALLOWED_ORIGINS": self.base_url,
            "SPACES_MEDIA_SIGNALS": f"127.0.0.1:{self.levels_port}",
            "SPACES_MEDIA_URL": f"{PAGE}:{_free_port()}",
        }
        return spawn(
            Program(name, (sys.executable, *words), environment, PROJECT), self._log, self._log
        )


@contextlib.contextmanager
def running_web(*variants: str) -> Iterator[Web]:
    """A web process for the length of a block; ``variants`` as in ``tests.kernel.web_variants``."""
    with tempfile.TemporaryDirectory(prefix="spaces-") as folder:
        web = Web(Path(folder), variants)
        try:
            web.start()
            yield web
        finally:
            web.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
