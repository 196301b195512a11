"""A channel: one room's encoded frames in a ring, and the sockets that read them."""

from collections import deque
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from spaces_project.kernel.sockets.connection import CHUNK_BYTES, SocketConnection

RING: Final = 1024  # frames


@dataclass(frozen=True, slots=True)
class RingEntry:
    """One event, encoded: in full for some, in public words for all others.

    ``full_for`` holds who sees all of it; it is None where there is nothing to hide.
    """

    seq: int
    full: bytes
    public: bytes
    full_for: frozenset[UUID] | None = None

    def frame_for(self, account_id: UUID) -> bytes:
        """Return the frame that somebody may see."""
        if self.full_for is None or account_id in self.full_for:
            return self.full
        return self.public


class Channel:
    """The ring and the readers of one room in this process; lives on the event loop."""

    def __init__(self, head: int) -> None:
        self.head = head
        self.ring: deque[RingEntry] = deque(maxlen=RING)
        self.connections: set[SocketConnection] = set()

    @property
    def first(self) -> int:
        """The seq of the oldest frame in the ring; head + 1 if it is empty."""
        return self.ring[0].seq if self.ring else self.head + 1

    def publish(self, entries: list[RingEntry]) -> None:
        """Add the next frames and send them to all who have caught up."""
        for entry in entries:
            assert entry.seq == self.head + 1
            self.ring.append(entry)
            self.head = entry.seq
        for connection in list(self.connections):
            self.pump(connection)

    def pump(self, connection: SocketConnection) -> None:
        """Send a socket what it lacks, in chunks, as long as its transport takes it."""
        while (
            connection.live
            and connection.cursor < self.head
            and connection.blocked_since is None
            and not connection.closed
        ):
            place = connection.cursor + 1 - self.first
            if place < 0:
                connection.live = False  # out of the ring: its consumer reads from the log
                connection.protocol.application_queue.put_nowait({"type": "spaces.behind"})
                return
            self._send_chunk(connection, place)

    def _send_chunk(self, connection: SocketConnection, place: int) -> None:
        chunk, size = [], 0
        while place < len(self.ring) and size < CHUNK_BYTES:
            frame = self.ring[place].frame_for(connection.account_id)
            chunk.append(frame)
            size += len(frame)
            place += 1
        connection.cursor = self.ring[place - 1].seq
        connection.write(b"".join(chunk))

    def send_ephemeral(self, frame: bytes) -> None:
        """Send a frame without a number to all who keep up."""
        for connection in self.connections:
            connection.send_ephemeral(frame)
