"""A channel: one room's encoded frames in a ring, and the sockets that read them."""

from collections import deque
from itertools import islice
from typing import Final
from uuid import UUID

from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.ring import NOBODY, RingEntry, chunks_for

RING: Final = 1024  # frames
BEHIND: Final = object()  # in a socket's inbox: the ring has moved on, read from the log


class Channel:
    """The ring and the readers of one room in this process; lives on the event loop.

    ``told`` is how far everybody was told who keeps up and may see no more than all others.
    """

    def __init__(self, head: int) -> None:
        self.head = self.told = head
        self.ring: deque[RingEntry] = deque(maxlen=RING)
        self.connections: set[SocketConnection] = set()

    @property
    def first(self) -> int:
        """The seq of the oldest frame in the ring; head + 1 if it is empty."""
        return self.ring[0].seq if self.ring else self.head + 1

    def add(self, connection: SocketConnection) -> None:
        """Look after a connection."""
        self.connections.add(connection)

    def publish(self, entries: list[RingEntry], *, hold: bool = False) -> None:
        """Add the next frames and send them to all who have caught up.

        Whoever may see no more than everybody else gets the same bytes, joined once.

        :param hold: let everybody wait for :meth:`tell` as long as only numbers wait for them.
        """
        before = self.head
        for entry in entries:
            assert entry.seq == self.head + 1
            self.ring.append(entry)
            self.head = entry.seq
        if hold and self.head - self.told < RING // 2 and not any(e.public for e in entries):
            if special := _special(entries):
                for connection in list(self.connections):
                    if connection.account_id in special:
                        self.pump(connection)
        elif self.told == before:
            self._send(entries)
        else:
            self.tell()

    def tell(self) -> None:
        """Send everybody what waits for them."""
        place = max(0, self.told + 1 - self.first)
        self._send(list(islice(self.ring, place, None)))

    def _send(self, news: list[RingEntry]) -> None:
        """Send the newest entries to all; whoever lacks others too, or sees more, gets its own."""
        before, self.told = self.told, self.head
        if news and news[0].seq != before + 1:
            before = -1  # the ring has moved on: everybody gets its own
        elif any(entry.frame_for(NOBODY) is None for entry in news):
            before = -1  # only the log has it
        chunks = list(chunks_for(news, NOBODY))
        special = _special(news)
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
            if not self.reaches(connection):
                connection.live = False  # its consumer reads from the log
                connection.protocol.keep(BEHIND, 0)
                return
            place = connection.cursor + 1 - self.first
            news = islice(self.ring, place, None)
            frames, last = next(chunks_for(news, connection.account_id))
            if connection.offer(frames):
                connection.cursor = last

    def reaches(self, connection: SocketConnection) -> bool:
        """Tell whether the ring has the next frame of a socket, or there is none yet."""
        place = connection.cursor + 1 - self.first
        if place < 0:
            return connection.cursor >= self.head
        return place >= len(self.ring) or self.ring[place].is_told_to(connection.account_id)

    def send_ephemeral(self, frame: bytes) -> None:
        """Send a frame without a number to all who keep up."""
        for connection in list(self.connections):
            connection.send_ephemeral(frame)


def _special(entries: list[RingEntry]) -> frozenset[UUID]:
    return frozenset().union(*(entry.full_for or () for entry in entries))
