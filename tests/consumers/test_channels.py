"""The hub's rooms: open while somebody is there, and not one moment less or more."""

import asyncio
import random
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Web, somebody

pytestmark = pytest.mark.databases

SEED = 40
ROUNDS = 60


async def is_closed(web: Web, talk: Talk) -> bool:
    """Tell whether the hub lets go of a room."""
    for _ in range(1000):
        if str(talk.room_id) not in (await asyncio.to_thread(web.window))["rooms"]:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_room_is_let_go_with_its_last_socket(web: Web) -> None:
    talk = await asyncio.to_thread(Talk)
    people = [talk.host, await asyncio.to_thread(somebody)]
    sockets = [await Socket.enter(web, talk, who) for who in people]
    for one in sockets:
        await one.read()
    await sockets[0].close()
    assert str(talk.room_id) in (await asyncio.to_thread(web.window))["rooms"]
    sockets[1].connection.transport.abort()

    assert await is_closed(web, talk)


async def test_who_is_not_let_in_keeps_no_room_open(web: Web) -> None:
    over, talk = await asyncio.to_thread(Talk), await asyncio.to_thread(Talk)
    await asyncio.to_thread(over.end)
    one = await Socket.enter(web, over, over.host)
    assert await one.closed() == close_codes.ROOM_OVER
    gone = await Socket.enter(web, talk, talk.host)
    gone.connection.transport.abort()

    assert await is_closed(web, over)
    assert await is_closed(web, talk)


async def test_who_comes_in_while_the_last_one_leaves_hears_everything(web: Web) -> None:
    chance = random.Random(SEED)
    talk = await asyncio.to_thread(Talk)
    people = [await asyncio.to_thread(somebody) for _ in range(3)]
    for _ in range(ROUNDS):
        leaving = await Socket.enter(web, talk, people[0])
        await leaving.read()
        arriving = asyncio.gather(*(Socket.enter(web, talk, who) for who in people[1:]))
        await asyncio.sleep(chance.uniform(0, 0.006))
        leaving.connection.transport.abort()
        for one in await arriving:
            snapshot = await one.read()
            seq = await asyncio.to_thread(talk.go_on)
            with suppress(ConnectionClosed):
                heard = snapshot["seq"]
                while heard < seq:
                    heard = (await one.read())["seq"]
            one.connection.transport.abort()
            assert one.connection.close_code in {None, 1006}
    print(f"seed {SEED}: {ROUNDS} rounds")
