"""Places: so many sockets for a person, so many for a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from spaces_project.kernel.limits.table import Limit
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.greeting import Goodbye
from spaces_project.kernel.sockets.places import Places
from tests.consumers.sockets import Socket, Talk
from tests.consumers.test_connections import ANA, BO
from tests.kernel.processes import Person, Web, somebody

FIVE = Limit("sockets", 5, 0)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as found:
        yield found


async def test_the_sixth_socket_of_a_person_is_refused_and_nobody_elses() -> None:
    places = Places()
    for _ in range(5):
        await places.sit_down(ANA, FIVE)

    for _ in range(100):
        with pytest.raises(Goodbye) as refused:
            await places.sit_down(ANA, FIVE)
        assert refused.value.code == close_codes.RATE_LIMITED
    await places.sit_down(BO, FIVE)
    places.get_up(ANA)
    await places.sit_down(ANA, FIVE)


def test_a_full_process_says_so_and_takes_the_next_when_one_has_gone() -> None:
    places, two = Places(), Limit("process-sockets", 2, 0, "process")
    places.enter(two)
    places.enter(two)

    with pytest.raises(Goodbye) as refused:
        places.enter(two)
    places.leave()
    places.enter(two)

    assert refused.value.code == close_codes.FULL


async def test_who_has_gone_is_forgotten() -> None:
    places = Places()
    await places.sit_down(ANA, FIVE)
    places.get_up(ANA)

    assert not places._by_account


@pytest.fixture
def talks(filled: None) -> list[Talk]:
    del filled
    return [Talk() for _ in range(6)]


@pytest.fixture
def ana(filled: None) -> Person:
    del filled
    return somebody("Ana")


async def test_five_rooms_at_once_and_not_a_sixth(
    web: Web, stack: AsyncExitStack, talks: list[Talk], ana: Person
) -> None:
    open_ones = []
    for talk in talks[:5]:
        open_ones.append(await Socket.enter(web, talk, ana))
        stack.push_async_callback(open_ones[-1].close)
        assert (await open_ones[-1].read())["type"] == "snapshot"

    sixth = await Socket.enter(web, talks[5], ana)
    assert await sixth.closed() == close_codes.RATE_LIMITED

    await open_ones[0].close()
    async with asyncio.timeout(20):
        code: int | None = close_codes.RATE_LIMITED
        while code is not None:  # until the server has heard that one has gone
            assert code == close_codes.RATE_LIMITED
            again = await Socket.enter(web, talks[5], ana)
            stack.push_async_callback(again.close)
            code = await code_of(again)


async def code_of(socket: Socket) -> int | None:
    """Return the code with which a socket is refused; None if it is let in."""
    try:
        assert (await socket.read())["type"] == "snapshot"
    except ConnectionClosed:
        return socket.connection.close_code
    return None
