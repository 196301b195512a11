"""Free ports: what is asked for first, or the next ones that nobody holds."""

import fcntl
import socket
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

from spaces_project.launcher.trouble import Trouble

FIRST_PORT = 8000
LAST_PORT = 65535
LOOPBACK = "127.0.0.1"
_claims: list[TextIO] = []


def is_free(port: int, kind: socket.SocketKind = socket.SOCK_STREAM, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on ``port`` at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # A closed server's connections linger for a minute; servers listen nevertheless.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_ports(kinds: list[socket.SocketKind], first: int = FIRST_PORT) -> list[int]:
    """Return one free port for each kind, all different, counting up from ``first``.

    :raises Trouble: if there are not enough of them.
    """
    candidates = count(first)
    return [_next_free(candidates, kind) for kind in kinds]


def _claim(port: int) -> bool:
    """Keep other launchers from a port that nobody listens on yet, until this process ends."""
    path = Path(tempfile.gettempdir()) / f"spaces-port-{port}.lock"
    try:
        file = path.open("a", encoding="utf-8")
    except OSError:  # another user's launcher
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    _claims.append(file)
    return True


def _next_free(candidates: Iterator[int], kind: socket.SocketKind) -> int:
    for port in candidates:
        if port > LAST_PORT:
            break
        if is_free(port, kind) and _claim(port):
            return port
    raise Trouble("No port is free up to 65535. Stop what holds them, or set SPACES_FIRST_PORT.")
