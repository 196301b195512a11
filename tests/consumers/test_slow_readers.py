"""Who does not read costs little, is closed, and slows nobody down."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from spaces_project.kernel.ids import public
from spaces_project.kernel.sockets.connection import BLOCKED_S, CHUNK_BYTES
from tests.consumers import stalls
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, running_web, somebody

pytestmark = [pytest.mark.alone, pytest.mark.databases]

SMALL_BUFFER = 2048
FRAME_BYTES = 40_000
CLOSED_WITHIN_S = BLOCKED_S + 10  # it is looked after every second; a busy machine is late
HEALTHY = 3


class MediaNode:
    """Stands in for the media node: says levels to the web process, as large as it likes."""

    def __init__(self) -> None:
        self.writer: asyncio.StreamWriter | None = None
        self.met = asyncio.Event()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the web process's greeting."""
        await reader.readline()
        self.writer = writer
        self.met.set()

    async def say(self, talk: Talk, size: int) -> None:
        """Say one line of about that many bytes."""
        assert self.writer is not None
        levels = {public("acc", talk.host.account_id) + "x" * size: -20}
        self.writer.write(json.dumps({"room": talk.public_id, "levels": levels}).encode() + b"\n")
        await self.writer.drain()


@pytest.fixture
async def media(web: Web) -> AsyncIterator[MediaNode]:
    """A media node that web has found; it looks for one every second."""
    node = MediaNode()
    server = await asyncio.start_server(node.meet, "127.0.0.1", web.levels_port)
    waking = await asyncio.to_thread(Talk)
    first = await Socket.enter(web, waking, waking.host)
    await asyncio.wait_for(node.met.wait(), 10)
    yield node
    await first.close()
    if node.writer is not None:
        node.writer.close()
    server.close()


async def stalled_socket(web: Web, talk: Talk, who: Person) -> tuple[Socket, int]:
    """Enter a room over a connection with a small buffer, and read no further."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    plain.connect(("127.0.0.1", web.port))
    one = await Socket.enter(web, talk, who, sock=plain)
    snapshot = await one.read()
    assert snapshot["type"] == "snapshot"
    one.connection.transport.pause_reading()
    return one, snapshot["seq"]


async def read_everything(one: Socket, numbers: list[int]) -> None:
    with contextlib.suppress(Exception):
        while True:
            frame = json.loads(await one.connection.recv())
            if "seq" in frame:
                numbers.append(frame["seq"])


@dataclass(frozen=True)
class Stall:
    """How a reader that stood still was treated."""

    seconds: float
    most_bytes: int
    head: int


async def until_gone(web: Web, media: MediaNode, talk: Talk, slow: Person) -> Stall:
    """Let things happen until the reader that stands still is gone."""
    most = head = 0
    flowed_at = 0.0
    async with asyncio.timeout(90):
        while True:
            await media.say(talk, FRAME_BYTES)
            head = await asyncio.to_thread(talk.go_on)
            held = await asyncio.to_thread(web.held_for, slow)
            most = max([most, *held])
            if not held:
                assert flowed_at
                return Stall(time.monotonic() - flowed_at, most, head)
            asked_at = time.monotonic()
            if await asyncio.to_thread(web.is_blocked, slow):
                await asyncio.sleep(0.03)
            else:
                flowed_at = asked_at  # the system's own buffers took it still


async def test_a_stalled_reader_is_closed_and_the_others_get_everything(
    web: Web, media: MediaNode
) -> None:
    talk = await asyncio.to_thread(Talk)
    slow = await asyncio.to_thread(somebody)
    people = [await asyncio.to_thread(somebody) for _ in range(HEALTHY)]
    stalled, _ = await stalled_socket(web, talk, slow)
    healthy = [await Socket.enter(web, talk, who) for who in people]
    heard: list[list[int]] = [[] for _ in healthy]
    readers = [
        asyncio.create_task(read_everything(one, numbers))
        for one, numbers in zip(healthy, heard, strict=True)
    ]
    stall = await until_gone(web, media, talk, slow)
    await asyncio.sleep(0.5)
    for one in healthy:
        await one.close()
    await asyncio.gather(*readers)
    stalled.connection.transport.abort()

    print(
        f"stalled for {stall.seconds:.1f} s, held at most {stall.most_bytes} bytes;"
        f" {HEALTHY} others got all of {stall.head} events"
    )
    assert BLOCKED_S - 1 < stall.seconds < CLOSED_WITHIN_S
    assert stall.most_bytes <= CHUNK_BYTES
    for numbers in heard:
        assert numbers == list(range(numbers[0], stall.head + 1))


async def test_who_reads_slowly_catches_up_and_misses_nothing(web: Web, media: MediaNode) -> None:
    talk = await asyncio.to_thread(Talk)
    one, first = await stalled_socket(web, talk, talk.host)
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(web.is_blocked, talk.host):
            await media.say(talk, FRAME_BYTES)
    head = await asyncio.to_thread(talk.leap, 100)
    one.connection.transport.resume_reading()
    numbers = [first]
    while numbers[-1] < head:
        frame = await one.read()
        if "seq" in frame:
            numbers.append(frame["seq"])

    assert numbers == list(range(first, head + 1))
    await one.close()


FEW = stalls.Size(stalled=8, healthy=2, before_s=0.5, patience_s=20)
FEWER = stalls.Size(stalled=2, healthy=1, before_s=0.2, patience_s=4)
PRIVATE_KIB = 64


@pytest.mark.usefixtures("filled")
async def test_many_who_stand_still_cost_little_and_are_told_that_they_were_too_slow() -> None:
    with running_web("small-buffers", "impatient") as web:
        outcome = await stalls.run(web, FEW)

    print(outcome)
    assert outcome.all_blocked
    assert outcome.gone_within_s is not None
    assert outcome.too_slow == FEW.stalled
    assert outcome.most_held <= PRIVATE_KIB * 1024 + 1024
    assert outcome.missed == 0


@pytest.mark.usefixtures("filled")
async def test_a_server_that_keeps_who_stands_still_is_found_out() -> None:
    with running_web("small-buffers", "lenient") as broken:
        outcome = await stalls.run(broken, FEWER)

    print(f"nobody is closed for standing still: {outcome}")
    assert outcome.all_blocked
    assert outcome.gone_within_s is None
