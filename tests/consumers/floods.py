"""Flooding as a scenario: raw sockets send as fast as they can and read nothing."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from websockets.frames import Frame, Opcode

from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

MESSAGE = Frame(Opcode.TEXT, b'{"type":"ping","x":"' + b"x" * 4000 + b'"}').serialize(mask=True)
PIECE = MESSAGE * 64
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Outcome:
    """What the floods cost, and what somebody calm had of it."""

    floods: int
    sent_mib: float  # that left the clients
    grown_kib: int  # resident memory of the process
    rate_limited: int  # goodbyes with 4008
    cut_within_s: float | None
    missed: int


async def run(web: Web, floods: int, patience_s: float = PATIENCE_S) -> Outcome:
    """Let everybody in, open the floodgates, and see who is left."""
    talk = await asyncio.to_thread(Talk)
    people = [await asyncio.to_thread(somebody) for _ in range(floods)]
    calm = await Socket.enter(web, talk, talk.host)
    heard = (await calm.read())["seq"]
    flooding = [await _entered(web, talk, who) for who in people]
    memory, began = web.memory_kib(), time.monotonic()
    pouring = [asyncio.create_task(_pour(one)) for one in flooding]
    grown = missed = 0
    while any(not task.done() for task in pouring) and time.monotonic() - began < patience_s:
        head = await asyncio.to_thread(talk.go_on)
        while heard < head:
            seq = (await calm.read())["seq"]
            missed += seq - heard - 1
            heard = seq
        grown = max(grown, web.memory_kib() - memory)
        await asyncio.sleep(0.05)
    cut = time.monotonic() - began if all(task.done() for task in pouring) else None
    for one in flooding:
        one.connection.transport.abort()
    sent = sum(await asyncio.gather(*pouring))
    await calm.close()
    limited = web.window()["goodbyes"].get("4008", 0)
    return Outcome(floods, round(sent / 2**20, 1), grown, limited, cut, missed)


async def _entered(web: Web, talk: Talk, who: Person) -> Socket:
    one = await Socket.enter(web, talk, who)
    await one.read()
    one.connection.transport.pause_reading()
    return one


async def _pour(one: Socket) -> int:
    """Send until the line breaks; return how many bytes went off."""
    transport, sent = one.connection.transport, 0
    with contextlib.suppress(Exception):
        while not transport.is_closing():
            if transport.get_write_buffer_size() < len(PIECE):
                transport.write(PIECE)
                sent += len(PIECE)
            await asyncio.sleep(0)
    return sent - min(sent, transport.get_write_buffer_size())
