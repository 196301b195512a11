"""One connection and its ring, without a network: chunks, pings, slow readers, frames."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.sockets.channel import BEHIND, RING, Channel
from spaces_project.kernel.sockets.close_codes import TOO_SLOW
from spaces_project.kernel.sockets.connection import (
    BLOCKED_S,
    CHUNK_BYTES,
    IDLE_S,
    PING,
    PING_S,
    SocketConnection,
)
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.sockets.ring import RingEntry

ANA, BO = UUID(int=1), UUID(int=2)


class Transport:
    """Keeps what is written; says that it is full when told to be small."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: list[bytes] = []
        self.held = 0
        self.aborted = False
        self.producer: Any = None

    def unregisterProducer(self) -> None:  # noqa: N802 - Twisted's names
        self.producer = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:  # noqa: N802
        assert streaming
        self.producer = producer

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.held += len(piece)
        if self.held > self.size:
            self.producer.pauseProducing()

    def drain(self) -> None:
        self.held = 0
        self.producer.resumeProducing()

    def abortConnection(self) -> None:  # noqa: N802
        self.aborted = True


class Protocol:
    """What a connection asks of autobahn's protocol."""

    def __init__(self, size: int = 10**9) -> None:
        self.transport = Transport(size)
        self.connection: SocketConnection | None = None
        self.kept: list[object] = []
        self.codes: list[int] = []

    def keep(self, item: object, size: int) -> None:
        assert size == 0
        self.kept.append(item)

    def sendCloseFrame(self, code: int, reasonUtf8: bytes, isReply: bool) -> None:  # noqa: N802, N803
        assert len(reasonUtf8) < 124
        assert not isReply
        self.codes.append(code)


def connected(channel: Channel, size: int = 10**9, who: UUID = ANA) -> SocketConnection:
    later = datetime.now(UTC) + timedelta(hours=1)
    connection = SocketConnection(Protocol(size), Identity(who, frozenset(), later))
    connection.channel, connection.cursor, connection.live = channel, channel.head, True
    channel.add(connection)
    return connection


def entries(first: int, number: int, size: int = 10) -> list[RingEntry]:
    return [RingEntry(n, b"%0*d" % (size, n), b"public") for n in range(first, first + number)]


def written(connection: SocketConnection) -> bytes:
    return b"".join(connection.transport.pieces)


def test_a_batch_goes_out_in_one_write() -> None:
    channel = Channel(0)
    connection = connected(channel)

    channel.publish(entries(1, 3))

    assert len(connection.transport.pieces) == 1
    assert written(connection) == b"".join(e.full or b"" for e in entries(1, 3))
    assert connection.cursor == channel.head == 3


def test_a_slow_reader_gets_chunks_as_it_drains_and_holds_no_more_than_two() -> None:
    channel = Channel(0)
    connection = connected(channel, size=CHUNK_BYTES)
    frame = 1000

    channel.publish(entries(1, 500, frame))
    while connection.cursor < 500:
        assert connection.transport.held <= 2 * (CHUNK_BYTES + frame)
        connection.transport.drain()

    assert written(connection) == b"".join(e.full or b"" for e in entries(1, 500, frame))


def test_who_falls_out_of_the_ring_is_sent_to_the_log() -> None:
    channel = Channel(0)
    connection = connected(channel, size=0)
    channel.publish(entries(1, 1))
    for start in range(2, RING + 3, 100):
        channel.publish(entries(start, 100))

    connection.transport.drain()

    assert connection.protocol.kept == [BEHIND]
    assert not connection.live
    assert connection.cursor == 1


def test_a_frame_is_shown_in_full_only_to_whom_it_concerns() -> None:
    channel = Channel(0)
    ana, bo = connected(channel, who=ANA), connected(channel, who=BO)

    channel.publish([RingEntry(1, b"full", b"public", frozenset({ANA}))])

    assert (written(ana), written(bo)) == (b"full", b"public")


def test_ephemeral_frames_are_dropped_for_who_is_slow() -> None:
    channel = Channel(0)
    slow, quick = connected(channel, size=0), connected(channel)
    channel.publish(entries(1, 1))

    channel.send_ephemeral(b"levels")

    assert (written(slow).count(b"levels"), written(quick).count(b"levels")) == (0, 1)
    assert slow.cursor == quick.cursor == 1


def test_who_stands_still_for_ten_seconds_is_closed_and_cut() -> None:
    connection = connected(Channel(0), size=0)
    connection.write(b"x")
    assert connection.blocked_since is not None

    connection.check(connection.blocked_since + BLOCKED_S - 0.1)
    assert connection.protocol.codes == []
    connection.check(connection.blocked_since + BLOCKED_S + 0.1)
    connection.check(connection.blocked_since + BLOCKED_S + 1.1)

    assert connection.protocol.codes == [TOO_SLOW]
    assert connection.transport.aborted


def test_who_is_quiet_is_asked_every_twenty_seconds() -> None:
    connection = connected(Channel(0))
    start = connection.pinged_at
    for passed_s in range(45):
        connection.check(start + passed_s)

    assert written(connection) == PING * 2
    assert (PING_S, IDLE_S) == (20.0, 45.0)


@pytest.mark.parametrize("length", [0, 1, 100, 125, 126, 127, 65_534, 65_535, 65_536, 70_000])
def test_frames_are_what_another_implementation_reads(length: int) -> None:
    message = {"x": "y" * max(0, length - len(orjson.dumps({"x": ""})))}
    reader = StreamReader()
    reader.feed_data(text_frame(message))

    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)

    frame = done.value.value
    assert (frame.opcode, frame.fin) == (Opcode.TEXT, True)
    assert orjson.loads(frame.data) == message
    assert reader.buffer == b""
