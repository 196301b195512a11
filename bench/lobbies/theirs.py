"""The same story in the bare library: its aggregates, its projection runner, its tracking.

As its guide shows it: an application with default settings, a view that is a tracking recorder,
each event's row and position in one transaction of the view.
"""

import time
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, datetime_now_with_tzinfo
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from bench.lobbies.statements import CHANGES, CREATE, LOBBY
from bench.lobbies.story import Kind, Step

POLL_S: Final = 0.02
NAME: Final = "lobbies"


class Room(Aggregate):
    """A room as the library would have it, as far as events go."""

    class Created(Aggregate.Created):
        """A host opened a room."""

        title: str

    class Happened(Aggregate.Event):
        """Anything that happened in it later."""

        kind: str
        account_id: UUID


class Lobbies(Application[UUID]):
    """The library's application."""

    name = NAME


class LobbyView(PostgresTrackingRecorder):
    """The rows, and how far they have come."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(SQL(LOBBY).format())

    def write(self, statement: str, arguments: tuple[Any, ...], tracking: Tracking) -> None:
        """Write a row and the position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(SQL(statement), arguments, prepare=True)
            self._insert_tracking(cursor, tracking)


class LobbyProjection(Projection[LobbyView]):
    """The library's projection."""

    name = "lobby"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Handle what nobody else does: nothing."""

    @process_event.register
    def _(self, event: Room.Created, tracking: Tracking) -> None:
        self.view.write(CREATE, (event.originator_id, event.title), tracking)

    @process_event.register
    def _(self, event: Room.Happened, tracking: Tracking) -> None:
        self.view.write(CHANGES[Kind(event.kind)], (event.originator_id,), tracking)


def store(steps: Iterable[Step], application: "Application[UUID]", url: str) -> int:
    """Copy a story into the library's table; return how many events it has."""
    rooms: dict[int, tuple[UUID, int]] = {}
    stored = 0
    table = f"{NAME}_events"
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {table} (originator_id, originator_version, topic, state) FROM STDIN".encode()
        ) as copied,
    ):
        for step in steps:
            room, version = rooms.get(step.room, (uuid4(), 0))
            rooms[step.room] = (room, version + 1)
            event = application.mapper.to_stored_event(_event(step, room, version + 1))
            copied.write_row(
                (event.originator_id, event.originator_version, event.topic, event.state)
            )
            stored += 1
    return stored


def _event(step: Step, room: UUID, version: int) -> Any:
    created: Any = Room.Created  # the library gives them their fields by a metaclass
    happened: Any = Room.Happened
    place: dict[str, Any] = {
        "originator_id": room,
        "originator_version": version,
        "timestamp": datetime_now_with_tzinfo(),
    }
    if step.kind is Kind.CREATED:
        topic = f"{__name__}:Room"
        return created(**place, originator_topic=topic, title=f"Room {step.room:06}")
    return happened(**place, kind=step.kind.value, account_id=uuid4())


def project(settings: dict[str, str], url: str, events: int) -> float:
    """Let the library's runner make the lobby anew; return how many seconds it took."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_lobby, lobby_tracking")
    began = time.monotonic()
    with ProjectionRunner(
        application_class=Lobbies,
        projection_class=LobbyProjection,
        view_class=LobbyView,
        env=settings,
    ) as runner:
        while (runner.projection.view.max_tracking_id(NAME) or 0) < events:
            runner.run_forever(timeout=POLL_S)
        return time.monotonic() - began
