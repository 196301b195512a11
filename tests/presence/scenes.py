"""What tests of presence say often."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from rooms import commands
from rooms.domain.events import Dropped, Joined, Left, Returned
from rooms.presence.board import Board
from rooms.presence.reaper import PresenceReaper
from rooms.streams import participation
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log

WITHIN_S = 20.0
COMES_OR_GOES = (Joined, Returned, Left, Dropped)


def live_room(host: UUID | None = None) -> UUID:
    """Return a live room of somebody's."""
    host = host or new_id()
    room_id = commands.open_room(host_id=host, title="Tea").entity_id
    commands.start(room_id=room_id, by=host)
    return room_id


def joined(room_id: UUID) -> UUID:
    """Return somebody who has just come in."""
    account_id = new_id()
    commands.join(room_id=room_id, account_id=account_id)
    return account_id


def reaper(drop: Callable[..., Any] = commands.drop) -> PresenceReaper:
    """Return a reaper that has looked for long enough to know who is gone."""
    made = PresenceReaper(drop)
    made._swept_at = made._looked_at = time.monotonic()
    made._sees_since = -1e9
    return made


@contextmanager
def boards(number: int = 1) -> Iterator[list[Board]]:
    """Boards as of so many processes."""
    made = [Board() for _ in range(number)]
    try:
        yield made
    finally:
        for each in made:
            each.stop()


def connect(board: Board, who: object, room_id: UUID, account_id: UUID) -> None:
    """Count a connection, and wait until it is written."""
    board.connected(who, room_id, account_id).result(WITHIN_S)


def is_inside(room_id: UUID, account_id: UUID) -> bool:
    """Tell by the log whether somebody is in a room."""
    return participation(room_id, account_id).present


def comings_and_goings(room_id: UUID, account_id: UUID) -> list[str]:
    """Return how often somebody came and went, in order."""
    return [
        each.event.TOPIC.removeprefix("rooms.")
        for each in event_log().history(room_id)
        if isinstance(each.event, COMES_OR_GOES) and each.event.account_id == account_id
    ]


def count(table: str) -> int:
    """Return how many rows a table of presence has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM rooms_presence_{table}")  # noqa: S608 - our words
        ((found,),) = cursor.fetchall()
    return int(found)


def ask(query: str, *arguments: UUID | str) -> None:
    """Change something behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
