"""Notes as the library's guide has them: an aggregate, a projection, a view with tracking."""

from typing import Any, Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import InfrastructureFactory, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection
from eventsourcing.utils import Environment
from psycopg.sql import SQL

TABLE: Final = "CREATE TABLE IF NOT EXISTS notes_view (note_id uuid PRIMARY KEY, text text)"


class PeerNote(Aggregate):
    """A line of text."""

    class Written(Aggregate.Created):
        """Somebody wrote something down."""

        text: str

    @event(Written)
    def __init__(self, text: str) -> None:
        self.text = text


class PeerNotes(Application[UUID]):
    """Writes notes."""

    name = "notes"

    def write(self, text: str) -> tuple[UUID, int]:
        """Write something down; return the note's id and its position in the log."""
        note = PeerNote(text)
        (recorded,) = self.save(note)
        return note.id, recorded.notification.id


class PeerView(PostgresTrackingRecorder):
    """One row a note, and how far it has come."""

    def __init__(self, datastore: PostgresDatastore, **more: Any) -> None:
        super().__init__(datastore, **more)
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS notes_view (note_id uuid PRIMARY KEY, text text)"
            ).format()
        )

    def add(self, note_id: UUID, text: str, tracking: Tracking) -> None:
        """Write a row and the position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("INSERT INTO notes_view VALUES (%s, %s)", (note_id, text), prepare=True)

    def has(self, note_id: UUID) -> bool:
        """Tell whether the view has a note."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT 1 FROM notes_view WHERE note_id = %s", (note_id,), prepare=True)
            return cursor.fetchone() is not None


class PeerProjection(Projection[PeerView]):
    """Events in, rows out."""

    name = "notes_projection"
    topics = ()

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Pass over what is no note."""

    @process_event.register
    def _written(self, domain_event: PeerNote.Written, tracking: Tracking) -> None:
        self.view.add(domain_event.originator_id, domain_event.text, tracking)


def peer_view(environment: dict[str, str]) -> PeerView:
    """Return the view as the runner of another process keeps it."""
    factory: InfrastructureFactory[Any] = InfrastructureFactory.construct(
        Environment(PeerProjection.name, environment)
    )
    found = factory.tracking_recorder(PeerView)
    assert isinstance(found, PeerView)
    return found
