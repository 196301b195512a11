"""The web processes: one, or several behind one port that the kernel shares out among them."""

import os
import sys

from spaces_project.launcher import redis
from spaces_project.launcher.children import Program
from spaces_project.launcher.environment import Home
from spaces_project.launcher.manage_programs import manage
from spaces_project.launcher.trouble import Trouble

MOST = 64
CONNECTIONS_EACH = 60  # to the log's database, at most: threads of REST, long polls, sockets, feed


def processes() -> int:
    """Return how many web processes are wished for.

    :raises Trouble: if SPACES_WEB_PROCESSES is no number, or the system cannot share a port.
    """
    text = os.environ.get("SPACES_WEB_PROCESSES") or "1"
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise Trouble(f"SPACES_WEB_PROCESSES is {text!r}. Set it to a number from 1 to {MOST}.")
    if int(text) > 1 and sys.platform != "linux":
        raise Trouble(
            "Only Linux shares a port out fairly. Leave SPACES_WEB_PROCESSES at 1, or start "
            "manage.py web on ports of their own behind a balancer; docs/operations.md says how."
        )
    return int(text)


def needs_redis() -> bool:
    """Tell whether an embedded Redis is to be started: several processes, and none brought."""
    return processes() > 1 and not os.environ.get("REDIS_URL")


def redis_url(home: Home) -> dict[str, str]:
    """Return the variable that leads to the embedded Redis; none where it is not needed."""
    return {"REDIS_URL": redis.url(home)} if needs_redis() else {}


def programs(port: int, variables: dict[str, str]) -> list[Program]:
    """Return the web processes: the first is called ``web``, the others have numbers."""
    number = processes()
    shared = ("--share-port",) if number > 1 else ()
    names = ["web", *(f"web {place}" for place in range(2, number + 1))]
    return [
        manage("web", "--port", port, *shared, variables=variables, name=name) for name in names
    ]
