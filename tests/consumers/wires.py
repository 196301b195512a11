"""A connection over a real socket, whose reactor turns when told, and what its reader gets."""

import random
import select
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from twisted.internet.main import CONNECTION_DONE
from twisted.internet.tcp import Connection
from twisted.python.failure import Failure

from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.sockets.channel import Channel
from spaces_project.kernel.sockets.connection import CHUNK_BYTES, SocketConnection
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.sockets.ring import RingEntry

SMALL: Final = 4096
ANA: Final = UUID(int=1)
GOODBYE: Final = {"type": "goodbye"}


class Reactor:
    """Watches what wants to write; nothing happens between its turns."""

    def __init__(self) -> None:
        self.writers: set[Any] = set()
        self.later: list[Callable[[], None]] = []

    def addWriter(self, writer: Any) -> None:  # noqa: N802 - Twisted's names
        self.writers.add(writer)

    def removeWriter(self, writer: Any) -> None:  # noqa: N802
        self.writers.discard(writer)

    def removeReader(self, reader: Any) -> None:  # noqa: N802
        pass

    def callLater(self, after_s: float, call: Callable[..., None], *facts: Any) -> None:  # noqa: N802
        assert after_s == 0
        self.later.append(lambda: call(*facts))

    def turn(self) -> None:
        """Let whoever wants to write, and can, write once."""
        later, self.later = self.later, []
        for call in later:
            call()
        for writer in list(self.writers):
            if select.select([], [writer], [], 0)[1] and writer.doWrite():
                writer.connectionLost(Failure(CONNECTION_DONE))  # type: ignore[no-untyped-call]


class Protocol:
    """What a connection asks of autobahn's protocol; it writes as autobahn does."""

    def __init__(self, transport: Connection) -> None:
        self.transport = transport
        self.connection: SocketConnection | None = None
        self.kept: list[object] = []

    def keep(self, item: object, size: int) -> None:
        assert size == 0
        self.kept.append(item)

    def sendCloseFrame(self, code: int, reasonUtf8: bytes, isReply: bool) -> None:  # noqa: N802, N803
        del code, reasonUtf8, isReply
        self.transport.write(text_frame(GOODBYE))  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        """Twisted says so; nobody listens."""


class Wire:
    """Both ends: the product's connection in a channel, and a reader with small buffers."""

    def __init__(self, ours: socket.socket, reader: socket.socket) -> None:
        self.ours, self.reader = ours, reader
        self.reader.setblocking(False)
        self.got = bytearray()
        self.reactor = Reactor()
        protocol: Any = Protocol.__new__(Protocol)
        self.transport = Connection(ours, protocol, self.reactor)  # type: ignore[arg-type]
        self.transport.connected = 1
        protocol.__init__(self.transport)
        self.channel = Channel(0)
        later = datetime.now(UTC) + timedelta(hours=1)
        self.connection = SocketConnection(protocol, Identity(ANA, frozenset(), later))
        self.connection.channel, self.connection.live = self.channel, True
        self.channel.connections.add(self.connection)

    @classmethod
    def over_tcp(cls) -> "Wire":
        """Return one over the loopback, with small buffers."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
            listener.listen()
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            reader.connect(listener.getsockname())
            return cls(listener.accept()[0], reader)

    @classmethod
    def over_a_pair(cls) -> "Wire":
        """Return one over a pair of UNIX sockets, with small buffers."""
        ours, reader = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        return cls(ours, reader)

    @property
    def held(self) -> int:
        """The bytes that wait in our memory."""
        transport = self.transport
        return len(transport.dataBuffer) + transport._tempDataLen

    def publish(self, sizes: list[int]) -> None:
        """Let so many things happen at once."""
        head = self.channel.head
        self.channel.publish([entry(head + n, size) for n, size in enumerate(sizes, 1)])

    def write_past(self, message: dict[str, Any]) -> None:
        """Write a frame to the transport, as autobahn does (``BoundedWebSocket.sendData``)."""
        self.transport.write(text_frame(message))  # type: ignore[no-untyped-call]
        self.connection.hold()

    def read(self, most: int) -> int:
        """Let the reader read; return how much there was."""
        try:
            piece = self.reader.recv(most)
        except BlockingIOError:
            return 0
        self.got += piece
        return len(piece)

    def read_all(self) -> None:
        """Let the reader read until nothing comes any more."""
        idle = 0
        while idle < 50:
            self.reactor.turn()
            waits = select.select([self.reader], [], [], 0.002)[0]
            idle = 0 if waits and self.read(1 << 16) else idle + 1

    def frames(self) -> list[dict[str, Any]]:
        """Take apart what was read.

        :raises ValueError: if a frame is torn, or overtaken in its middle.
        """
        found, at = [], 0
        while at < len(self.got):
            if self.got[at] != 0x81:
                raise ValueError(f"no frame begins at {at}")
            length, head = self.got[at + 1], 2
            if length > 125:
                head = 4 if length == 126 else 10
                length = int.from_bytes(self.got[at + 2 : at + head], "big")
            found.append(orjson.loads(self.got[at + head : at + head + length]))
            at += head + length
        return found

    def close(self) -> None:
        """Give both ends back."""
        self.reader.close()
        self.ours.close()


def entry(seq: int, size: int) -> RingEntry:
    """Return an event of about that size."""
    frame = text_frame({"type": "event", "seq": seq, "words": "x" * size})
    return RingEntry(seq, frame, frame)


def faults(wire: Wire, seed: int, steps: int, most_own_bytes: int = 8192) -> list[str]:
    """Do anything in any order, then let the reader read; return what was wrong."""
    chance, wrong, own = random.Random(seed), [], 0
    for step in range(steps):
        own += _do_something(wire, chance, own + 1)
        if wire.held > CHUNK_BYTES + most_own_bytes:
            wrong.append(f"step {step}: {wire.held} bytes wait")
    wire.read_all()
    wire.connection.close(4000)
    wire.publish([10])
    wire.read_all()
    try:
        return wrong + _verdict(wire, own)
    except ValueError as error:
        return [*wrong, str(error)]


def _do_something(wire: Wire, chance: random.Random, own: int) -> int:
    """Press one button; return whether it used up the number of its own."""
    match chance.randrange(8):
        case 0 | 1:
            wire.publish([chance.choice((10, 300, 5000, 20_000))] * chance.randrange(1, 5))
        case 2:
            wire.connection.send({"type": "ack", "own": own})
            return 1
        case 3:
            wire.write_past({"type": "pong", "own": own})
            return 1
        case 4:
            wire.connection.send_ephemeral(text_frame({"type": "levels"}))
        case 5 | 6:
            wire.read(chance.choice((100, 3000, 100_000)))
        case 7:
            wire.reactor.turn()
    return 0


def _verdict(wire: Wire, own: int) -> list[str]:
    got, wrong = wire.frames(), []
    seqs = [frame["seq"] for frame in got if "seq" in frame]
    if seqs != list(range(1, wire.channel.head)):
        wrong.append(f"events {seqs[:20]} of {wire.channel.head - 1}")
    if [frame["own"] for frame in got if "own" in frame] != list(range(1, own + 1)):
        wrong.append("answers out of order")
    if got[-1] != GOODBYE:
        wrong.append("something came after the goodbye")
    return wrong
