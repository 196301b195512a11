"""W-05 as a scenario: nonsense from many sockets, beside one that must not notice."""

import asyncio
import base64
import json
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tests.consumers.nonsense import SHARP, TEXT, frame, some
from tests.consumers.sockets import Socket, Talk
from tests.full_size import reached
from tests.kernel.processes import Person, Web, somebody

AT_ONCE: Final = 6
EACH: Final = 12  # nonsense of one connection: below what is taken as a flood
PATIENCE_S: Final = 90.0  # what announces more than it brings is waited for: 45 s
BEAT_S: Final = 10.0
EXPECTED: Final = frozenset({1000, 1002, 1003, 1006, 1007, 1009, 4001, 4003, 4004, 4008, 4009})


@dataclass
class Outcome:
    """What the nonsense did."""

    seed: int
    sent: int = 0
    connections: int = 0
    closes: Counter[int] = field(default_factory=Counter)
    answered: int = 0  # with a problem, as a rule
    unexpected: int = 0  # answered with "something broke on our side"
    silent: int = 0  # neither closed nor answered
    missed: int = 0  # events that the calm one lacks
    calm_is_in: bool = True
    tracebacks: int = 0
    # Resident, at each tenth of the frames. Garbage is collected first: what a web process collects
    # only seldom (kernel/web/collection.py) is not what it never gives back.
    memory_kib: list[int] = field(default_factory=list)

    @property
    def heard(self) -> int:
        """Return how many the server has judged: by an answer, or by closing the socket."""
        return self.answered + sum(self.closes.values())

    @property
    def grown_kib(self) -> int:
        """Return by how much the process grew in the second half."""
        return self.memory_kib[-1] - self.memory_kib[len(self.memory_kib) // 2]

    @property
    def faults(self) -> list[str]:
        """Return what must not be."""
        wrong = {
            "sockets closed as no client should see": sum(
                n for code, n in self.closes.items() if code not in EXPECTED
            ),
            "problems of our own": self.unexpected,
            "left hanging": self.silent,
            "events lost to another socket": self.missed,
            "other sockets lost": int(not self.calm_is_in),
            "tracebacks": self.tracebacks,
        }
        return [f"{what}: {n}" for what, n in wrong.items() if n]


async def run(web: Web, frames: int, seed: int) -> Outcome:
    """Send so many malformed frames over as many connections as it takes."""
    outcome, chance = Outcome(seed), random.Random(seed)
    talk = await asyncio.to_thread(Talk)
    people = [await asyncio.to_thread(somebody) for _ in range(AT_ONCE)]
    calm = await Socket.enter(web, talk, talk.host)
    heard = (await calm.read())["seq"]
    beating = asyncio.create_task(_beat(calm))
    while outcome.heard < frames:
        reached(f"{outcome.heard} of {frames} frames")
        rounds = (_one(web, talk, who, random.Random(chance.random()), outcome) for who in people)
        await asyncio.gather(*rounds)
        head = await asyncio.to_thread(talk.go_on)
        while heard < head and outcome.calm_is_in:
            seq = (await calm.read()).get("seq", heard)
            outcome.missed += max(0, seq - heard - 1)
            heard = seq
        if outcome.heard >= frames / 10 * (len(outcome.memory_kib) + 1):
            outcome.memory_kib.append(web.memory_kib(collected=True))
    beating.cancel()
    outcome.calm_is_in = calm.connection.close_code is None
    outcome.tracebacks = web.lines(100_000).count("Traceback")
    await calm.close()
    return outcome


async def _beat(calm: Socket) -> None:
    """Stay alive while one of the others may wait for long."""
    while True:
        await calm.send(type="ping")
        await asyncio.sleep(BEAT_S)


async def _one(web: Web, talk: Talk, who: Person, chance: random.Random, outcome: Outcome) -> None:
    """Connect once, say nonsense, and see how it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    try:
        async with asyncio.timeout(PATIENCE_S):
            writer.write(_handshake(web, talk.public_id))
            await reader.readuntil(b"\r\n\r\n")
            if chance.random() < 0.2:  # before anybody knows who it is
                nonsense = [chance.choice(SHARP)(chance)]
            else:
                nonsense = some(chance, EACH)
                hello = json.dumps({"type": "auth", "token": who.token, "after": 0})
                writer.write(frame(TEXT, hello.encode()))
            outcome.connections += 1
            outcome.sent += len(nonsense)
            writer.write(b"".join(nonsense) + frame(TEXT, b'{"type":"ping","ref":"last"}'))
            await _read_to_the_end(reader, outcome)
    except TimeoutError:
        outcome.silent += 1
    except (ConnectionError, asyncio.IncompleteReadError):
        outcome.closes[1006] += 1
    finally:
        writer.transport.abort()


def _handshake(web: Web, room: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET /ws/v1/rooms/{room} HTTP/1.1", f"Host: 127.0.0.1:{web.port}", "Upgrade: websocket",
        "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: rooms.v1", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


async def _read_to_the_end(reader: asyncio.StreamReader, outcome: Outcome) -> None:
    """Read until the server has answered everything, or has closed."""
    while True:
        opcode, payload = await _frame(reader)
        if opcode == 8:
            outcome.closes[int.from_bytes(payload[:2], "big") if payload else 1005] += 1
            return
        if opcode != TEXT:
            continue
        said = json.loads(payload)
        if said["type"] in ("ack", "error"):
            outcome.answered += 1
            outcome.unexpected += said.get("problem", {}).get("code") == "unexpected"
        if said["type"] == "pong":
            return


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length > 125:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
    return first & 0xF, await reader.readexactly(length)
