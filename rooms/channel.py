"""A room's channel: its fold, its ring of frames, and the sockets that may follow it."""

import time
from collections.abc import Sequence
from typing import Final

from rooms.announcements import Announcement, Names
from rooms.domain.events import ParticipantBlocked, ParticipantRemoved, RoomEnded
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets.channel import Channel, RingEntry
from spaces_project.kernel.sockets.close_codes import FORBIDDEN, ROOM_OVER
from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.frames import text_frame

NAMES_FRESH_S: Final = 1.0  # a crowd comes at once; a name changes rarely
ENDS_RIGHTS: Final = (ParticipantRemoved, ParticipantBlocked, RoomEnded)
Told = tuple[Recorded, Announcement]


class RoomChannel(Channel):
    """One open room: its fold, its ring, its sockets.

    ``guests`` counts who opened it and has not left: sockets, and those that are on their way in.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.seq)
        self.stage = stage
        self.guests = 0
        self._named: tuple[int, float, Names] = (-1, 0.0, {})

    def names_at(self, seq: int) -> Names | None:
        """Return who is named in the snapshot at a seq; None if that is not known any more."""
        at, found_at, names = self._named
        return names if at == seq and time.monotonic() - found_at < NAMES_FRESH_S else None

    def keep_names(self, seq: int, names: Names) -> None:
        """Keep who is named in the snapshot at a seq, for those who come right behind."""
        self._named = (seq, time.monotonic(), names)

    def take(self, told: Sequence[Told]) -> None:
        """Fold and publish the next events, then end what they end.

        :raises LookupError: if an event is missing.
        """
        entries = []
        news = [(r, a) for r, a in told if (r.seq or 0) > self.head]
        for place, (recorded, words) in enumerate(news, start=self.head + 1):
            if recorded.seq != place:
                raise LookupError(f"room {self.stage.room_id}: {recorded.seq} came, not {place}")
            entries.append(self._entry(recorded, words))
        self.publish(entries)
        if any(isinstance(recorded.event, ENDS_RIGHTS) for recorded, _ in news):
            for connection in list(self.connections):
                self.end_rights(connection)

    def _entry(self, recorded: Recorded, words: Announcement) -> RingEntry:
        seq = recorded.seq or 0
        self.stage.apply(recorded.event, seq)
        full = text_frame(words.full)
        if words.public is words.full:
            return RingEntry(seq, full, full)
        full_for = {a for a in self.stage.seats if self.stage.leads(a)}
        if words.concerns is not None:
            full_for.add(words.concerns)
        return RingEntry(seq, full, text_frame(words.public), frozenset(full_for))

    def pump(self, connection: SocketConnection) -> None:
        """Send a socket what it lacks; after the last event of all, say goodbye."""
        super().pump(connection)
        if self.stage.state is RoomState.ENDED:
            self.end_rights(connection)

    def end_rights(self, connection: SocketConnection) -> None:
        """Close a socket that may follow the room no longer, or has heard it to its end."""
        if self.stage.is_put_out(connection.account_id):
            connection.close(FORBIDDEN, "removed from this room")
        elif self.stage.state is RoomState.ENDED and self._has_heard_all(connection):
            connection.close(ROOM_OVER, "the room has ended")

    def _has_heard_all(self, connection: SocketConnection) -> bool:
        return connection.live and connection.cursor >= self.head
