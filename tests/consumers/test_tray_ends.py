"""The tray's hub: sockets that end with their tokens, and what one device reads for all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from rooms import commands as rooms
from rooms.hub import RoomHub
from rooms.tray import hub as trays
from rooms.tray.hub import TrayHub
from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.sockets.close_codes import NOT_AUTHENTICATED
from spaces_project.kernel.sockets.connection import SocketConnection
from tests.consumers.sockets import Talk
from tests.consumers.test_connections import ANA, BO, Protocol
from tests.consumers.trays import TraySocket
from tests.kernel.processes import Web, somebody

pytestmark = pytest.mark.databases
LATER = timedelta(hours=1)


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TrayHub]:
    """A hub without a log, whose regular look at its sockets is far away."""
    monkeypatch.setattr(trays, "CHECK_S", 3600.0)
    feed = SimpleNamespace(also_tell=lambda _: None)
    made = TrayHub(cast(RoomHub, SimpleNamespace(feed=feed)))
    yield made
    for task in made._tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def looking(hub: TrayHub, who: UUID, until: datetime, credential: UUID | None = None) -> Any:
    """Let somebody look at the own tray."""
    viewer = hub.viewers.by_id.get(who) or hub.viewers.add(who)
    protocol: Any = Protocol()
    identity = Identity(who, frozenset(), until, credential)
    viewer.connections.add(SocketConnection(protocol, identity))
    return protocol


async def closed(protocol: Any) -> None:
    async with asyncio.timeout(20):
        while not protocol.codes:  # noqa: ASYNC110 - a list has nobody to wake
            await asyncio.sleep(0.05)


async def test_a_trays_socket_ends_soon_after_its_token(hub: TrayHub) -> None:
    now = datetime.now(UTC)
    short = looking(hub, ANA, now + timedelta(seconds=0.3))
    long, other = looking(hub, ANA, now + LATER), looking(hub, BO, now + LATER)

    await closed(short)

    assert short.codes == [NOT_AUTHENTICATED]
    assert long.codes == other.codes == []


async def test_a_trays_socket_ends_soon_after_its_owner_has_signed_out(hub: TrayHub) -> None:
    later, session = datetime.now(UTC) + LATER, new_id()
    mine, elsewhere = looking(hub, ANA, later, session), looking(hub, ANA, later, new_id())

    revocations()._revoked[session] = later  # as its look at the database would find it
    await closed(mine)

    assert mine.codes == [NOT_AUTHENTICATED]
    assert elsewhere.codes == []


async def test_what_one_device_reads_the_others_are_told(web: Web) -> None:
    talk, viewer = await asyncio.to_thread(Talk), await asyncio.to_thread(somebody, "Viewer")
    await asyncio.to_thread(
        rooms.invite,
        room_id=talk.room_id,
        account_ids=[viewer.account_id],
        by=talk.host.account_id,
    )
    phone, desk = [await TraySocket.watch(web, viewer) for _ in range(2)]
    told = [await socket.until_unread(1) for socket in (phone, desk)]
    until = {"until": told[0]["newest"]["at"]}

    answer = await asyncio.to_thread(
        web.ask, "PUT", "/api/v1/accounts/me/inbox/read", until, viewer
    )

    assert answer.json == {"unread": 0}
    for socket in (phone, desk):
        read = await socket.until_unread(0)
        assert read["newest"]["read"]
