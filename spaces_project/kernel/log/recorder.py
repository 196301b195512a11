"""One call to PostgreSQL appends everything: events, seq, receipt and wake-up, or nothing."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import tuple_row
from psycopg_pool import PoolTimeout

from spaces_project.kernel.log.appends import (
    Answer,
    Append,
    StoredReceipt,
)
from spaces_project.kernel.log.datastore import LogDatastore
from spaces_project.kernel.log.group_commit import GroupCommit
from spaces_project.kernel.log.horizon import Fetch, Horizon
from spaces_project.kernel.log.waker import Waker
from spaces_project.kernel.log.writer import LogWriter

CHANNEL: Final = "log_events"
DEAD_IN_A_ROW: Final = 2  # a server that ends its connections does so one by one
# No SQLSTATE: the socket broke. The others: shut down, crashed, starting (class 57).
ENDED_BY_SERVER: Final = frozenset({None, "57P01", "57P02", "57P03"})

_RECEIPT: Final = (
    "SELECT true, stream, version, position, seq, fingerprint"
    " FROM log_receipts WHERE command_id = %b"
)
_RECEIPTS: Final = (
    "SELECT command_id, true, stream, version, position, seq, fingerprint"
    " FROM log_receipts WHERE command_id = ANY(%b)"
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
_OF_ROOM_FROM: Final = (
    f"{_COLUMNS} WHERE room_id = %b AND notification_id BETWEEN %b AND %b"
    " ORDER BY notification_id LIMIT %b"
)
_OUT_OF_ROOMS_FROM: Final = (
    f"{_COLUMNS} WHERE originator_id = %b AND room_id IS NULL AND notification_id BETWEEN %b AND %b"
    " ORDER BY notification_id LIMIT %b"
)
_LAST_SEQ: Final = "SELECT last_seq FROM log_rooms WHERE room_id = %b"


class StoredRow(NamedTuple):
    """An event as it stands in the log."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    room_id: UUID | None
    seq: int | None


__all__ = ["Answer", "Append", "LogRecorder", "StoredReceipt", "StoredRow"]


class LogRecorder(PostgresApplicationRecorder):
    """Appends by the server-side function ``log_append``; reads by position or by room."""

    datastore: LogDatastore

    def __init__(
        self, datastore: PostgresDatastore, *, events_table_name: str = "log_events"
    ) -> None:
        assert isinstance(datastore, LogDatastore)
        super().__init__(datastore, events_table_name=events_table_name)
        self._begin()
        datastore.begun_anew.append(self._begin)
        datastore.closed.append(self._end)

    def _begin(self) -> None:
        """Begin with no connection and nobody in line; after a fork, too."""
        self.horizon = Horizon(self.ask)
        self._writer = LogWriter(self.datastore.connect)
        self._waker = Waker(CHANNEL, self.datastore.connect)
        self._group_commit = GroupCommit(self._writer.store, self._waker.wake)

    def _end(self) -> None:
        self._waker.stop()
        self._writer.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Refuse: whatever appends must say for which command."""
        raise NotImplementedError(f"{len(stored_events)} events must go through append()")

    def append(self, added: Append) -> list[StoredReceipt]:
        """Store what belongs together; return a receipt for each answer, in their order.

        If a command has a receipt already, nothing is stored: a single answer gets that receipt,
        replayed; several answers are a conflict.

        :raises IntegrityError: if a version is taken, a stream that was read has gone on, or the
            room was closed meanwhile.
        :raises OperationalError: if the outcome is unknown; the receipts tell.
        """
        places = self._group_commit.commit(added)
        if places is None:
            if len(added.answers) == 1 and (kept := self.receipt(added.answers[0].command_id)):
                return [kept]
            raise IntegrityError("somebody else was faster, or the room was closed meanwhile")
        return [
            StoredReceipt(False, a.stream, a.version, position, seq, a.fingerprint)
            for a, (position, seq) in zip(added.answers, places, strict=True)
        ]

    def receipt(self, command_id: UUID) -> StoredReceipt | None:
        """Return the receipt of a command that was carried out, None if it was not."""
        rows = self.ask(_RECEIPT, (command_id,))
        return StoredReceipt(*rows[0]) if rows else None

    def receipts(self, command_ids: Sequence[UUID]) -> dict[UUID, StoredReceipt]:
        """Return the receipts of those commands that were carried out."""
        rows = self.ask(_RECEIPTS, (list(command_ids),))
        return {command_id: StoredReceipt(*rest) for command_id, *rest in rows}

    def after(self, position: int, limit: int) -> list[StoredRow]:
        """Return the events behind a position, in order, up to where one may still be missing."""
        return list(map(StoredRow._make, self.horizon.read(_AFTER_POSITION, position, limit)))

    def look(
        self, position: int, limit: int, fetch: Fetch | None = None
    ) -> tuple[list[StoredRow], bool]:
        """Return the same, and whether it is all that could be seen when this began.

        :param fetch: what reads it, if somebody has a connection of his own.
        """
        found, is_all = self.horizon.look(_AFTER_POSITION, position, limit, fetch)
        return list(map(StoredRow._make, found)), is_all

    def of_room(self, room_id: UUID, after: int, until: int, limit: int) -> list[StoredRow]:
        """Return a room's events with after < seq <= until, in order."""
        found = self.ask(_OF_ROOM, (room_id, after, until, limit))
        return list(map(StoredRow._make, found))

    def of_stream(self, stream: UUID, after: int, until: int) -> list[tuple[int, str, bytes]]:
        """Return version, topic and state of a stream's events with after < version <= until."""
        return self.ask(_OF_STREAM, (stream, after, until))

    def of_place(
        self, key: UUID, *, in_room: bool, first: int, last: int, limit: int
    ) -> list[StoredRow]:
        """Return a room's events, or those of a stream that are in no room, by their positions."""
        query = _OF_ROOM_FROM if in_room else _OUT_OF_ROOMS_FROM
        return list(map(StoredRow._make, self.ask(query, (key, first, last, limit))))

    def head(self) -> int:
        """Return the newest position that a reader may begin behind, 0 for an empty log."""
        return self.horizon.head()

    def newest(self) -> int:
        """Return the position of the newest event, though an earlier one may still be missing."""
        return self.horizon.newest()

    def last_seq(self, room_id: UUID) -> int:
        """Return the seq of a room's newest event, 0 if it has none."""
        found = self.ask(_LAST_SEQ, (room_id,))
        return int(found[0][0]) if found else 0

    def ask(self, query: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question which may be asked twice."""
        for _ in range(DEAD_IN_A_ROW):
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
