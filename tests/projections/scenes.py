"""What tests about stored rooms say often."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connection

from accounts import commands as accounts
from accounts.projections.people import People
from rooms import commands
from rooms.projections.directory import Directory
from rooms.projections.discovery import Discovery
from spaces_project import wiring
from spaces_project.kernel.clock import now
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.log.event_log import Recorded, event_log


def someone(handle: str) -> UUID:
    """Return a registered account, known to the views."""
    account_id = accounts.register(handle=handle, name=handle.capitalize()).entity_id
    see_people()
    return account_id


def see_people() -> None:
    """Bring the view of people to the end of the log."""
    while project(People()):
        pass


def see() -> None:
    """Bring all views to the end of the log; policies sleep."""
    see_people()
    for view in (Directory(), Discovery()):
        while project(view):
            pass


def catch_up() -> None:
    """Let views and policies run until nothing follows any more."""
    policies = wiring.policies()
    while sum(_see_and_react(policy) for policy in policies):
        pass
    see()


def _see_and_react(policy: Policy) -> int:
    see()
    return react(policy)


@contextmanager
def clock_ahead(seconds: float) -> Iterator[None]:
    """Let commands inside the block read a clock that is so far ahead."""

    def later() -> datetime:
        return now() + timedelta(seconds=seconds)

    with ExitStack() as patches:
        for name, module in list(sys.modules.items()):
            if name.startswith("rooms.commands.") and "now" in vars(module):
                patches.enter_context(mock.patch.object(module, "now", later))
        yield


def live_room(host: UUID, *inside: UUID, **wishes: Any) -> UUID:
    """Return a live room, with some people inside."""
    room = commands.open_room(host_id=host, **{"title": "Tea", **wishes}).entity_id
    commands.start(room_id=room, by=host)
    for account_id in inside:
        commands.join(room_id=room, account_id=account_id)
    return room


def give_seat(room: UUID, account_id: UUID, by: UUID) -> None:
    """Bring somebody who is inside onto the stage."""
    commands.promote_speaker(room_id=room, account_id=account_id, by=by)


def history(room: UUID) -> list[Recorded]:
    """Return everything that was recorded of a room."""
    return list(event_log().history(room))


def topics(room: UUID) -> list[str]:
    """Return the topics of a room's history, without their app."""
    return [recorded.event.TOPIC.removeprefix("rooms.") for recorded in history(room)]


def rows(tables: tuple[str, ...] = Directory.tables) -> dict[str, list[Any]]:
    """Return every row of the directory, as bytes-equal values in a fixed order."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found
