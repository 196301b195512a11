"""Both sides as the bench asks them: write here, projected there, wait here."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg

from bench.house import House
from bench.read_your_writes import notes
from bench.read_your_writes.peer import PeerNotes, peer_view
from spaces_project.kernel.following.waiting import wait_until_projected

PATIENCE_S = 5.0


@dataclass(frozen=True)
class Follows:
    """What a follower says when it follows."""

    pid: int


class Side(Protocol):
    """Where one writes and reads."""

    name: str
    environment: dict[str, str]

    def write(self, text: str) -> tuple[UUID, int]:
        """Write a note; return its id and its position."""

    def wait(self, position: int) -> None:
        """Return when the view of the other process has come that far."""

    def shows(self, note_id: UUID) -> bool:
        """Tell whether the view has a note."""


class Ours:
    """The product's command, runner and wait."""

    name = "ours"

    def __init__(self, home: House) -> None:
        self.environment = dict(home.environment)
        with psycopg.connect(home.log.url, autocommit=True) as owner:
            owner.execute(notes.TABLE)

    def write(self, text: str) -> tuple[UUID, int]:
        """Write a note."""
        note_id = uuid4()
        return note_id, notes.write_note(note_id=note_id, text=text).position

    def wait(self, position: int) -> None:
        """Wait as a request with Min-Position does."""
        wait_until_projected([notes.Notes.name], position)

    def shows(self, note_id: UUID) -> bool:
        """Look into the view."""
        return notes.is_shown(note_id)


class Peer:
    """The bare library's save, projection runner and wait."""

    name = "peer"

    def __init__(self, home: House) -> None:
        found: Any = home.peer_application("notes", PeerNotes, pool=4)
        self._application: PeerNotes = found
        self.environment = {key: str(value) for key, value in found.env.items()}
        self._view = peer_view(self.environment)

    def write(self, text: str) -> tuple[UUID, int]:
        """Write a note."""
        return self._application.write(text)

    def wait(self, position: int) -> None:
        """Wait as ``ProjectionRunner.wait`` does: it asks its view, as here."""
        self._view.wait(PeerNotes.name, position, timeout=PATIENCE_S)

    def shows(self, note_id: UUID) -> bool:
        """Look into the view."""
        return self._view.has(note_id)

    def close(self) -> None:
        """Close its connections."""
        self._application.close()
        self._view.datastore.close()
