"""A web process that stood still for longer than its lease sends its sockets away to come back."""

import asyncio
import signal

import pytest

from rooms.streams import participation
from tests.consumers.sockets import Socket, Talk
from tests.kernel.jars import eventually
from tests.kernel.processes import running_web, somebody

pytestmark = [pytest.mark.alone, pytest.mark.databases]

WITHIN_S = 60.0


@pytest.mark.usefixtures("filled")
async def test_after_a_pause_people_are_sent_away_and_come_in_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPACES_PROCESS_LEASE_S", "1")
    with running_web() as web:
        talk, bo = await asyncio.to_thread(Talk), await asyncio.to_thread(somebody, "Bo")

        def is_inside() -> bool:
            return participation(talk.room_id, bo.account_id).present

        socket = await Socket.enter(web, talk, bo)
        seq = (await socket.read_until(type="snapshot"))["seq"]
        assert (await socket.ask("room.join"))["type"] == "ack"
        web.signal(signal.SIGSTOP)
        try:
            assert await asyncio.to_thread(eventually, lambda: not is_inside(), WITHIN_S)
        finally:
            web.signal(signal.SIGCONT)

        assert await socket.closed() == 1012
        again = await Socket.enter(web, talk, bo, after=seq)
        await again.read_until(type="participant.left")
        assert (await again.ask("room.join"))["type"] == "ack"
        assert await asyncio.to_thread(eventually, is_inside, WITHIN_S)
        await again.close()
