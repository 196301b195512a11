"""A live room of the product for a bench: its web process, its sockets' first frames, its events.

The web process is the one of ``./spaces run``, on the databases of a :mod:`bench.house`. What
happens in the room happens by commands, in the bench's own process.
"""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from bench.harness import running
from bench.house import House
from spaces_project.launcher.trouble import Trouble

READY_WITHIN_S: Final = 120.0  # a busy machine may take so long; a quiet one takes two seconds
TOKENS_LAST: Final = timedelta(hours=1)
PRESET: Final = "classic"  # everybody may host
HOST: Final = "Ana with a name as long as names in a room may be"


@dataclass(frozen=True)
class Web:
    """A web process that serves."""

    pid: int
    port: int


class LiveRoom:
    """A room whose host opens and shuts the microphone again and again; needs a house."""

    def __init__(self) -> None:
        from django.conf import settings  # noqa: PLC0415 - the house sets Django up

        from accounts import commands as accounts  # noqa: PLC0415
        from rooms import commands as rooms  # noqa: PLC0415
        from spaces_project.presets import PRESETS  # noqa: PLC0415

        settings.PRESET = PRESETS[PRESET]
        self._rooms = rooms
        self._host: UUID = accounts.register(handle="ana_of_the_bench", name=HOST).entity_id
        self.room_id: UUID = rooms.open_room(host_id=self._host, title="Bench").entity_id
        rooms.start(room_id=self.room_id, by=self._host)
        self._muted = True

    @property
    def path(self) -> str:
        """Where its sockets connect."""
        from spaces_project.kernel.ids import public  # noqa: PLC0415

        return f"/ws/v1/rooms/{public('room', self.room_id)}"

    def go_on(self) -> int:
        """Let one thing happen; return its seq."""
        command = self._rooms.unmute if self._muted else self._rooms.mute
        self._muted = not self._muted
        receipt = command(room_id=self.room_id, account_id=self._host, by=self._host)
        assert receipt.seq is not None
        return receipt.seq

    def leap(self, events: int) -> int:
        """Let many things happen in one append; return the room's newest seq."""
        from rooms.domain.room import Room  # noqa: PLC0415
        from spaces_project.kernel.clock import now  # noqa: PLC0415
        from spaces_project.kernel.log.event_log import event_log  # noqa: PLC0415

        room = event_log().load(Room, self.room_id)
        for _ in range(events):
            (room.unmute if self._muted else room.mute)(self._host, self._host, now())
            self._muted = not self._muted
        return event_log().append(room).seq or 0


def hellos(sockets: int) -> list[str]:
    """Return the first frame of so many sockets, each of somebody else."""
    from spaces_project.kernel.authentication import issue_token  # noqa: PLC0415
    from spaces_project.kernel.ids import new_id  # noqa: PLC0415

    tokens = (issue_token(new_id(), frozenset(), TOKENS_LAST) for _ in range(sockets))
    return [json.dumps({"type": "auth", "token": token}) for token in tokens]


@contextmanager
def serving(house: House, folder: Path) -> Iterator[Web]:
    """Run a web process."""
    port = _free_port()
    environment = {
        **house.environment,
        "SPACES_PRESET": PRESET,
        "SPACES_BASE_URL": f"http://127.0.0.1:{port}",
    }
    log = folder / f"web-{port}.log"
    command = [sys.executable, "manage.py", "web", "--port", str(port)]
    with running("web", command, log=log, environment=environment) as process:
        _wait_until_ready(process.pid, port, log)
        yield Web(process.pid, port)


def private_kib(pid: int) -> int:
    """Return the memory that a process shares with nobody (/proc/PID/smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def _wait_until_ready(pid: int, port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and not _has_ended(pid):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    words = log.read_text("utf-8", "replace").strip().splitlines() or ["no word"]
    raise Trouble(f"The bench's web process does not start: {words[-1]}")


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
