"""The short way of a message says the same as autobahn's long one; the inbox is bounded."""

import asyncio
import random

import pytest
from websockets.frames import Frame, Opcode

from spaces_project.kernel.sockets.close_codes import RATE_LIMITED
from spaces_project.kernel.sockets.frames import whole_message
from spaces_project.kernel.sockets.inbox import MOST, MOST_BYTES, Inbox
from spaces_project.kernel.sockets.protocol import BoundedWebSocket

SEED = 11
FRAMES = 2_000


def framed(words: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """Return a client's frame as another implementation writes it."""
    return Frame(opcode, words, fin).serialize(mask=True)


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 124, 125, 126, 127, 1000, 65_535])
def test_a_whole_message_is_read_as_it_was_written(length: int) -> None:
    words = bytes(random.Random(SEED).choices(range(32, 127), k=length))
    data = b"before" + framed(words) + b"behind"

    found = whole_message(data, 6)

    assert found == (words, len(data) - 6)


def test_whatever_is_anything_else_is_left_to_autobahn() -> None:
    unmasked = Frame(Opcode.TEXT, b"words").serialize(mask=False)
    too_long_a_length = bytes((0x81, 0x80 | 126)) + (5).to_bytes(2, "big") + b"\0\0\0\0words"
    with_reserved_bit = bytes((0xC1,)) + framed(b"words")[1:]
    for data in (
        framed(b"words", Opcode.BINARY),
        framed(b"words", Opcode.PING),
        framed(b"\x03\xe8", Opcode.CLOSE),
        framed(b"words", fin=False),
        framed(b"words", Opcode.CONT),
        framed("Wörter".encode()),
        framed(b"\xff\xfe"),
        framed(b"x" * 65_536),
        unmasked,
        too_long_a_length,
        with_reserved_bit,
    ):
        assert whole_message(data, 0) is None, data[:12]


def test_a_message_cut_anywhere_is_no_whole_one() -> None:
    for words in (b"", b"{}", b"x" * 125, b"x" * 126, b"x" * 300):
        whole = framed(words)
        for cut in range(len(whole)):
            assert whole_message(whole[:cut], 0) is None
        assert whole_message(whole, 0) == (words, len(whole))


def test_a_stream_of_messages_is_read_one_by_one() -> None:
    chance = random.Random(SEED)
    said = [
        bytes(chance.choices(range(32, 127), k=chance.choice((0, 5, 40, 130, 2000))))
        for _ in range(FRAMES)
    ]
    data, at, heard = b"".join(map(framed, said)), 0, []
    while (found := whole_message(data, at)) is not None:
        words, at = found
        heard.append(words)

    assert heard == said
    assert at == len(data)
    print(f"seed {SEED}: {FRAMES} messages")


async def test_an_inbox_keeps_order_and_wakes_its_reader() -> None:
    inbox = Inbox()
    reading = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    for number in range(3):
        assert inbox.put(number, 10)

    assert [await reading, await inbox.get(), await inbox.get()] == [0, 1, 2]


async def test_an_inbox_takes_no_more_than_it_may_hold() -> None:
    many, large = Inbox(), Inbox()

    assert [many.put(n) for n in range(MOST + 1)] == [True] * MOST + [False]
    assert large.put("a", MOST_BYTES - 1)
    assert not large.put("b", 2)
    assert await large.get() == "a"
    assert large.put("b", 2)


class Flooded(BoundedWebSocket):
    """A socket without a network, whose codes are noted."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.codes: list[int | None] = []
        self.transport = self.factory = self.reactor = self
        self.paused = 0

    def sendCloseFrame(  # noqa: N802
        self,
        code: int | None = None,
        reasonUtf8: bytes | None = None,  # noqa: N803
        isReply: bool = False,  # noqa: N803
    ) -> None:
        del reasonUtf8, isReply
        self.codes.append(code)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's names
        self.paused += 1

    def abortConnection(self) -> None:  # noqa: N802
        """Twisted's."""

    def callLater(self, after_s: float, call: object) -> None:  # noqa: N802
        assert (after_s, call) == (1, self.abortConnection)


async def test_who_says_more_than_is_read_is_cut_and_forgotten() -> None:
    socket = Flooded()
    for _ in range(10):
        socket.keep("much", MOST_BYTES // 2 - 1)

    assert (socket.codes, socket.paused) == ([RATE_LIMITED], 1)
    assert await socket.inbox.get() is None


async def test_an_inbox_ends_at_once() -> None:
    inbox = Inbox()
    waiting = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    inbox.put("said")
    inbox.close()

    assert await waiting is None
    assert await inbox.get() is None
