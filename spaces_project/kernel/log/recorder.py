"""One call to PostgreSQL appends everything: events, seq, receipt and wake-up, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.rows import tuple_row
from psycopg_pool import PoolTimeout

CHANNEL: Final = "log_events"
# No SQLSTATE: the socket broke. The others: shut down, crashed, starting (class 57).
ENDED_BY_SERVER: Final = frozenset({None, "57P01", "57P02", "57P03"})

_APPEND: Final = "SELECT * FROM log_append(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
_RECEIPT: Final = (
    "SELECT true, stream, version, position, seq, fingerprint"
    " FROM log_receipts WHERE command_id = %b"
)
_COLUMNS: Final = (
    "SELECT notification_id, originator_id, originator_version, topic, state, room_id, seq"
    " FROM log_events"
)
_AFTER_POSITION: Final = f"{_COLUMNS} WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
_OF_ROOM: Final = f"{_COLUMNS} WHERE room_id = %b AND seq > %b AND seq <= %b ORDER BY seq LIMIT %b"
_OF_STREAM: Final = (
    "SELECT originator_version, topic, state FROM log_events"
    " WHERE originator_id = %b AND originator_version > %b AND originator_version <= %b"
    " ORDER BY originator_version"
)
_HEAD: Final = "SELECT coalesce(max(notification_id), 0) FROM log_events"
_LAST_SEQ: Final = "SELECT last_seq FROM log_rooms WHERE room_id = %b"


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """What the append function answers: where the first answer to a command stands."""

    replayed: bool
    stream: UUID
    version: int
    position: int
    seq: int | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """What one command adds to the log.

    :param room_id: the room in whose sequence all of it is counted; None: in none.
    :param needs_open_room: conflict if the room was closed meanwhile.
    :param closes_room: nothing that needs an open room is appended behind it.
    :param stream: and ``version`` of what the command is answered with.
    """

    stored_events: Sequence[StoredEvent]
    room_id: UUID | None
    needs_open_room: bool
    closes_room: bool
    command_id: UUID
    fingerprint: bytes
    stream: UUID
    version: int
    unchanged: Sequence[tuple[UUID, int]] = ()


class StoredRow(NamedTuple):
    """An event as it stands in the log."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    room_id: UUID | None
    seq: int | None


class LogRecorder(PostgresApplicationRecorder):
    """Appends by the server-side function ``log_append``; reads by position or by room."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Refuse: whatever appends must say for which command."""
        raise NotImplementedError(f"{len(stored_events)} events must go through append()")

    def append(self, added: Append) -> StoredReceipt:
        """Append the events of one command, or answer with its earlier receipt.

        :raises IntegrityError: if a stream already has one of these versions.
        :raises OperationalError: if the outcome is unknown; the receipt tells.
        """
        events = added.stored_events
        arguments = (
            [e.originator_id for e in events],
            [e.originator_version for e in events],
            [e.topic for e in events],
            [e.state for e in events],
            added.room_id,
            added.needs_open_room,
            added.closes_room,
            added.command_id,
            added.fingerprint,
            added.stream,
            added.version,
        )
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            row = cursor.execute(_APPEND, arguments, prepare=True).fetchone()
        if row is None:
            raise IntegrityError("somebody else was faster, or the room was closed meanwhile")
        return StoredReceipt(*row)

    def receipt(self, command_id: UUID) -> StoredReceipt | None:
        """Return the receipt of a command that was carried out, None if it was not."""
        rows = self._rows(_RECEIPT, (command_id,))
        return StoredReceipt(*rows[0]) if rows else None

    def after(self, position: int, limit: int) -> list[StoredRow]:
        """Return the events behind a position, in order."""
        return list(map(StoredRow._make, self._rows(_AFTER_POSITION, (position, limit))))

    def of_room(self, room_id: UUID, after: int, until: int, limit: int) -> list[StoredRow]:
        """Return a room's events with after < seq <= until, in order."""
        found = self._rows(_OF_ROOM, (room_id, after, until, limit))
        return list(map(StoredRow._make, found))

    def of_stream(self, stream: UUID, after: int, until: int) -> list[tuple[int, str, bytes]]:
        """Return version, topic and state of a stream's events with after < version <= until."""
        return self._rows(_OF_STREAM, (stream, after, until))

    def head(self) -> int:
        """Return the position of the newest event, 0 for an empty log."""
        return int(self._rows(_HEAD, ())[0][0])

    def last_seq(self, room_id: UUID) -> int:
        """Return the seq of a room's newest event, 0 if it has none."""
        found = self._rows(_LAST_SEQ, (room_id,))
        return int(found[0][0]) if found else 0

    def _rows(self, query: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        try:
            return self._fetch(query, arguments)
        except (OperationalError, InterfaceError) as error:
            if not _connection_was_dead(error):
                raise
            self.datastore.pool.check()  # a server that was restarted leaves more of them
            return self._fetch(query, arguments)

    def _fetch(self, query: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(query, arguments, prepare=True).fetchall()


def _connection_was_dead(error: Exception) -> bool:
    """Tell a connection that the server has ended from a server that is slow or out of reach."""
    cause = error.__cause__
    if isinstance(cause, PoolTimeout):
        return False
    return getattr(cause, "sqlstate", None) in ENDED_BY_SERVER
