"""A channel: one room's encoded frames in a ring, and the sockets that read them."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from spaces_project.kernel.sockets.connection import CHUNK_BYTES, SocketConnection

RING: Final = 1024  # frames
NOBODY: Final = UUID(int=0)
BEHIND: Final = object()  # in a socket's inbox: the ring has moved on, read from the log


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
        """Add the next frames and send them to all who have caught up.

        Whoever may see no more than everybody else gets the same bytes, joined once.
        """
        before = self.head
        for entry in entries:
            assert entry.seq == self.head + 1
            self.ring.append(entry)
            self.head = entry.seq
        chunks = list(_chunks(entries, NOBODY))
        special = frozenset().union(*(entry.full_for or () for entry in entries))
        for connection in list(self.connections):
            if connection.cursor != before or (special and connection.account_id in special):
                self.pump(connection)
            elif connection.live:
                for frames, last in chunks:
                    if not connection.offer(frames):
                        break
                    connection.cursor = last

    def pump(self, connection: SocketConnection) -> None:
        """Send a socket what it lacks, in chunks, as long as it takes them."""
        while (
            connection.live
            and connection.cursor < self.head
            and connection.blocked_since is None
            and not connection.closed
        ):
            place = connection.cursor + 1 - self.first
            if place < 0:
                connection.live = False  # out of the ring: its consumer reads from the log
                connection.protocol.keep(BEHIND, 0)
                return
            frames, last = next(_chunks(islice(self.ring, place, None), connection.account_id))
            if connection.offer(frames):
                connection.cursor = last

    def send_ephemeral(self, frame: bytes) -> None:
        """Send a frame without a number to all who keep up."""
        for connection in list(self.connections):
            connection.send_ephemeral(frame)


def _chunks(entries: Iterable[RingEntry], account_id: UUID) -> Iterator[tuple[bytes, int]]:
    """Join somebody's frames to pieces that may wait in our memory; with each, its last seq."""
    chunk: list[bytes] = []
    size = last = 0
    for entry in entries:
        frame = entry.frame_for(account_id)
        if chunk and size + len(frame) > CHUNK_BYTES:
            yield b"".join(chunk), last
            chunk, size = [], 0
        chunk.append(frame)
        size += len(frame)
        last = entry.seq
    if chunk:
        yield b"".join(chunk), last
