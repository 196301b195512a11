"""What tests about people say often."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

from django.db import connection, connections
from rest_framework.test import APIClient

from accounts import commands
from accounts.projections.people import People
from spaces_project.kernel.entity import DomainEvent, Entity
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.log.event_log import event_log

ANA = UUID("0190a0a0-0000-7000-8000-00000000000a")
BO = UUID("0190a0a0-0000-7000-8000-00000000000b")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


def kinds(entity: Entity) -> list[str]:
    """Return the topics that an entity has decided, without their app."""
    return [happened.TOPIC.removeprefix("accounts.") for happened in entity.pending_events]


def someone(handle: str, name: str = "Somebody", password: str | None = None) -> UUID:
    """Return a registered account."""
    return commands.register(handle=handle, name=name, password=password).entity_id


def stored() -> list[DomainEvent]:
    """Return the whole log, opened."""
    return [recorded.event for recorded in event_log().read(0, 100_000)]


def topics() -> list[str]:
    """Return the topics of the whole log, without their app."""
    return [happened.TOPIC.removeprefix("accounts.") for happened in stored()]


def catch_up() -> None:
    """Bring the read model to the end of the log."""
    while project(People()):
        pass


def rows() -> dict[str, list[Any]]:
    """Return every row of the read model, as bytes-equal values in a fixed order."""
    found = {}
    with connection.cursor() as cursor:
        for table in People.tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def at_once(asks: Iterable[Callable[[], object]]) -> list[object]:
    """Ask everything at the same moment, each on its own thread; return answers and refusals."""
    waiting = list(asks)
    barrier = Barrier(len(waiting))
    answers: list[object] = [None] * len(waiting)

    def ask(place: int) -> None:
        barrier.wait()
        try:
            answers[place] = waiting[place]()
        except Exception as error:  # noqa: BLE001 - the refusal is the answer
            answers[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=ask, args=(place,)) for place in range(len(waiting))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def client(account_id: UUID | None = None) -> APIClient:
    """Return a client, signed in if an account is given."""
    found = APIClient()
    if account_id:
        token = commands.begin_session(account_id=account_id).token
        found.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return found
