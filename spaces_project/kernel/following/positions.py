"""How far each follower has come, moved in the transaction of its effects."""

import time
from collections.abc import Iterable
from typing import Final

from django.db import connection

from spaces_project.kernel.refusals import ProjectionBehind

LONGEST_WAIT_S: Final = 2.0
POLL_S: Final = 0.005


def lock_position(name: str) -> int:
    """Return a follower's position and keep others from moving it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_positions (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING",
            [name],
        )
        cursor.execute("SELECT position FROM log_positions WHERE name = %s FOR UPDATE", [name])
        return int(cursor.fetchone()[0])


def move_position(name: str, position: int) -> None:
    """Write a follower's new position."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log_positions SET position = %s WHERE name = %s", [position, name])


def positions() -> dict[str, int]:
    """Return the position of every follower."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, position FROM log_positions")
        return dict(cursor.fetchall())


def wait_until_projected(names: Iterable[str], position: int) -> None:
    """Return when all named read models have reached a position.

    :raises ProjectionBehind: after two seconds.
    """
    wanted = frozenset(names)
    deadline = time.monotonic() + LONGEST_WAIT_S
    while True:
        reached = positions()
        if all(reached.get(name, 0) >= position for name in wanted):
            return
        if time.monotonic() > deadline:
            raise ProjectionBehind(retry_after_s=1)
        time.sleep(POLL_S)
