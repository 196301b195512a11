"""W-03 as a scenario: some read nothing any more, and the others must not notice."""

import asyncio
import contextlib
import json
import socket
import time
from dataclasses import dataclass
from statistics import quantiles

from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

SMALL_BUFFER = 2048
EVERY_S = 0.02
FLOOD = 600  # events at once: more than the system's buffers and one chunk hold


@dataclass(frozen=True)
class Size:
    """How many read, how many do not, and how long the others are watched before (s)."""

    stalled: int
    healthy: int
    before_s: float
    patience_s: float


@dataclass(frozen=True)
class Outcome:
    """What the stalled cost, and what the others had of it."""

    stalled: int
    all_blocked: bool
    most_held: int  # bytes in one socket's transport
    grown_kib_each: float  # resident memory of the process
    gone_within_s: float | None
    too_slow: int  # goodbyes with 4013
    missed: int
    p99_before_ms: float
    p99_during_ms: float


class Reader:
    """A healthy socket, and when it heard what."""

    def __init__(self, connection: Socket) -> None:
        self.connection = connection
        self.heard_at: dict[int, float] = {}

    async def read(self) -> None:
        """Read to the end."""
        with contextlib.suppress(Exception):
            while True:
                frame = json.loads(await self.connection.connection.recv())
                if "seq" in frame:
                    self.heard_at[frame["seq"]] = time.monotonic()


async def run(web: Web, size: Size) -> Outcome:
    """Let everybody in, stall some, go on until they are gone or patience is over."""
    talk = await asyncio.to_thread(Talk)
    slow = [await asyncio.to_thread(somebody) for _ in range(size.stalled)]
    people = [await asyncio.to_thread(somebody) for _ in range(size.healthy)]
    readers = [Reader(await Socket.enter(web, talk, who)) for who in people]
    reading = [asyncio.create_task(reader.read()) for reader in readers]
    stalled = [await _entered(web, talk, who) for who in slow]
    before, memory = await _go_on(talk, size.before_s), web.memory_kib()
    for one in stalled:
        one.connection.transport.pause_reading()
    await asyncio.to_thread(talk.leap, FLOOD)
    began, during, most, blocked, grown = time.monotonic(), dict[int, float](), 0, 0, 0
    while (passed := time.monotonic() - began) < size.patience_s:
        during |= await _go_on(talk, 0.3)
        held = [h for h in web.window()["held"] if h["account"] in _names(slow)]
        if not held:
            break
        most = max(most, *(h["held"] for h in held))
        blocked = max(blocked, sum(h["blocked"] for h in held))
        grown = max(grown, web.memory_kib() - memory)
    gone = not held
    await asyncio.sleep(1)
    for one in (*stalled, *(reader.connection for reader in readers)):
        one.connection.transport.abort()
    await asyncio.gather(*reading)
    head = max(during)
    return Outcome(
        stalled=size.stalled,
        all_blocked=blocked == size.stalled,
        most_held=most,
        grown_kib_each=grown / size.stalled,
        gone_within_s=passed if gone else None,
        too_slow=web.window()["goodbyes"].get("4013", 0),
        missed=sum(_missed(reader, head) for reader in readers),
        p99_before_ms=_p99_ms(before, readers),
        p99_during_ms=_p99_ms(during, readers),
    )


async def _entered(web: Web, talk: Talk, who: Person) -> Socket:
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    plain.connect(("127.0.0.1", web.port))
    one = await Socket.enter(web, talk, who, sock=plain)
    assert (await one.read())["type"] == "snapshot"
    return one


async def _go_on(talk: Talk, seconds: float) -> dict[int, float]:
    """Let things happen one by one; return when each, by its seq, was asked for."""
    asked, until = {}, time.monotonic() + seconds
    while time.monotonic() < until:
        at = time.monotonic()
        asked[await asyncio.to_thread(talk.go_on)] = at
        await asyncio.sleep(EVERY_S)
    return asked


def _missed(reader: Reader, head: int) -> int:
    first = min(reader.heard_at)
    return head - first + 1 - sum(seq <= head for seq in reader.heard_at)


def _p99_ms(asked: dict[int, float], readers: list[Reader]) -> float:
    passed = [
        (reader.heard_at[seq] - at) * 1000
        for reader in readers
        for seq, at in asked.items()
        if seq in reader.heard_at
    ]
    return round(quantiles(passed, n=100)[98], 1)


def _names(people: list[Person]) -> set[str]:
    return {str(person.account_id) for person in people}
