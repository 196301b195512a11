"""Free ports: what is asked for first, or the next ones that nobody holds."""

import socket
from collections.abc import Iterator
from itertools import count

from spaces_project.launcher.trouble import Trouble

FIRST_PORT = 8000
LAST_PORT = 65535
LOOPBACK = "127.0.0.1"


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


def _next_free(candidates: Iterator[int], kind: socket.SocketKind) -> int:
    for port in candidates:
        if port > LAST_PORT:
            break
        if is_free(port, kind):
            return port
    raise Trouble("No port is free up to 65535. Stop what holds them, or set SPACES_FIRST_PORT.")
