"""Notes by the product's means: an entity, a command, a read model of one row a note."""

from typing import Final
from uuid import UUID

from django.db import connection

from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.log.event_log import Receipt, Recorded, event_log

TABLE: Final = "CREATE TABLE IF NOT EXISTS bench_notes (note_id uuid PRIMARY KEY, text text)"


class NoteWritten(DomainEvent, frozen=True):
    """Somebody wrote something down."""

    TOPIC = "bench.NoteWritten"
    text: str


class Note(Entity):
    """A line of text."""

    TOPIC = "bench.Note"

    def __init__(self, entity_id: UUID) -> None:
        super().__init__(entity_id)
        self.text = ""

    @when(NoteWritten)
    def _written(self, happened: NoteWritten) -> None:
        self.text = happened.text


@command
def write_note(*, note_id: UUID, text: str) -> Receipt:
    """Write something down."""
    note = Note(note_id)
    note.record(NoteWritten, at=now(), text=text)
    return event_log().append(note)


class Notes(ReadModel):
    """One row a note."""

    name = "bench_notes"
    tables = ("bench_notes",)
    listen_to = (NoteWritten,)

    def apply(self, recorded: Recorded) -> None:
        """Write the row."""
        happened = recorded.event
        assert isinstance(happened, NoteWritten)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_notes VALUES (%s, %s)", [happened.originator_id, happened.text]
            )


def is_shown(note_id: UUID) -> bool:
    """Tell whether the view has a note."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM bench_notes WHERE note_id = %s", [note_id])
        return cursor.fetchone() is not None
