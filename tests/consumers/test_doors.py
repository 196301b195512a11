"""The policy table of sockets: who may follow what, and with which code others are shut out."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from rooms.routing import websocket_urlpatterns
from spaces_project.policy.roles import ROLES
from spaces_project.policy.sockets import SOCKETS
from tests.consumers.sockets import PATIENCE_S, SUBPROTOCOL
from tests.kernel.processes import Web
from tests.policy.night import Night

pytestmark = [pytest.mark.databases]


async def at_the_door(web: Web, address: str, token: str) -> str:
    """Return the type of the first frame that a socket gets, or its close code."""
    options: Any = {"subprotocols": [SUBPROTOCOL], "proxy": None, "ping_interval": None}
    async with connect(f"ws://127.0.0.1:{web.port}{address}", **options) as socket:
        await socket.send(json.dumps({"type": "auth", "token": token}))
        try:
            frame = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S))
        except ConnectionClosed:
            return str(socket.close_code)
        return str(frame["type"])


async def test_every_role_gets_in_or_is_shut_out_as_the_table_says(web: Web) -> None:
    night, wrong = await asyncio.to_thread(Night), {}
    for row in SOCKETS.rows:
        address = await asyncio.to_thread(night.filled, row)
        found = [
            await at_the_door(web, address, night.tokens.get(role, "nobody's")) for role in ROLES
        ]
        if found != SOCKETS.rows[row].split():
            wrong[row] = " ".join(found)

    assert wrong == {}


def test_every_socket_has_a_row() -> None:
    served = {
        str(pattern.pattern).partition("<")[0].strip("/") for pattern in websocket_urlpatterns
    }
    rows = {row.partition("{")[0].strip("/") for row in SOCKETS.rows}

    assert served == rows
