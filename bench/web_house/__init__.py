"""Web processes for benches: ours on a house's databases, with an evening to look at."""

import contextlib
import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from bench.harness import running
from bench.house import House
from spaces_project.launcher.children import ChildProcess
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble
from spaces_project.presets import PRESETS

READY_WITHIN_S: Final = 60.0
TOKEN_LIVES: Final = timedelta(hours=1)
LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True)
class Evening:
    """What is there to look at: live rooms, the first of them with people inside."""

    room_id: UUID
    host_id: UUID
    room: str
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    process: ChildProcess


def fill(rooms_open: int, inside: int) -> Evening:
    """Let people come, open rooms and come into the first one; inside a house only."""
    from django.conf import settings  # noqa: PLC0415 - the variables come first

    from accounts import commands as accounts  # noqa: PLC0415
    from rooms import commands as rooms  # noqa: PLC0415
    from spaces_project.kernel.authentication import issue_token  # noqa: PLC0415
    from spaces_project.kernel.ids import public  # noqa: PLC0415

    settings.PRESET = PRESETS["classic"]  # anybody hosts
    people = [
        accounts.register(handle=f"person_{n}", name=f"Person {n}").entity_id
        for n in range(max(rooms_open, inside + 1))
    ]
    project_all()  # commands ask the tables about people
    opened = []
    for host_id in people[:rooms_open]:
        room_id = rooms.open_room(host_id=host_id, title="An evening", description="Tea").entity_id
        rooms.start(room_id=room_id, by=host_id)
        opened.append(room_id)
    for account_id in people[1 : inside + 1]:
        rooms.join(room_id=opened[0], account_id=account_id)
    for account_id in people[1 : min(inside, 3) + 1]:
        rooms.raise_hand(room_id=opened[0], account_id=account_id)
    project_all()
    tokens = tuple(issue_token(each, frozenset(), TOKEN_LIVES) for each in people)
    return Evening(opened[0], people[0], public("room", opened[0]), tokens)


def project_all() -> None:
    """Bring the read models up to date."""
    from spaces_project.kernel.following.projector import project  # noqa: PLC0415
    from spaces_project.wiring import read_models  # noqa: PLC0415

    for read_model in read_models():
        while project(read_model):
            pass


@contextlib.contextmanager
def our_web(
    home: House, folder: Path, name: str = "ours", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run ``manage.py web``."""
    port = free_port()
    command = [sys.executable, "manage.py", "web", "--port", str(port)]
    with serving(name, command, port, home, folder, environment) as server:
        yield server


@contextlib.contextmanager
def serving(
    name: str,
    command: Sequence[str],
    port: int,
    home: House,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server on the house's databases, from the moment that it answers."""
    log = folder / f"{name}.log"
    path = os.pathsep.join(filter(None, (str(PROJECT), (environment or {}).get("PYTHONPATH"))))
    settings = {**home.environment, **(environment or {}), "PYTHONPATH": path}
    with running(name, command, log=log, environment=settings) as process:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _is_ready(port):
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text("utf-8", "replace").strip().splitlines() or ["no word"]
                raise Trouble(f"{name} did not start: {said[-1]}")
            time.sleep(0.05)
        yield Server(name, port, process)


def free_port() -> int:
    """Return a port that nobody holds at this moment."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        port: int = found.getsockname()[1]
        return port


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
