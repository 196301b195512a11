"""A client of the tray's socket, and people who follow each other."""

import asyncio
import json
import time
from typing import Any, Self

from websockets.asyncio.client import connect

from accounts import commands as accounts
from tests.consumers.sockets import PATIENCE_S, SUBPROTOCOL, Socket
from tests.frames import check_frame
from tests.kernel.processes import Person, Web, somebody


class TraySocket(Socket):
    """One connection; it keeps the newest tray and inbox, and when the last frame came."""

    tray: list[dict[str, Any]] | None = None
    inbox: dict[str, Any] | None = None
    heard_at = 0.0

    @classmethod
    async def knock(cls, web: Web) -> Self:
        """Connect without a word."""
        address = f"ws://127.0.0.1:{web.port}/ws/v1/tray"
        return cls(
            await connect(
                address,
                subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
                proxy=None,
                ping_interval=None,
                compression=None,
            )
        )

    @classmethod
    async def watch(cls, web: Web, who: Person) -> Self:
        """Connect, say who it is, and wait until tray and inbox are there."""
        opened = await cls.knock(web)
        await opened.send(type="auth", token=who.token)
        while opened.tray is None or opened.inbox is None:
            await opened.read()
        return opened

    async def read(self, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next frame."""
        found: dict[str, Any] = json.loads(await asyncio.wait_for(self.connection.recv(), within_s))
        check_frame(found, "tray")
        self.heard_at = time.monotonic()
        if found["type"] == "tray":
            self.tray = found["entries"]
        elif found["type"] == "inbox":
            self.inbox = found
        return found

    async def until_tray(self, *wanted: tuple[Person, str]) -> None:
        """Read on until the tray shows these people in these roles."""
        shown = [(person.public_id, role) for person, role in wanted]
        while [(entry["account_id"], entry["role"]) for entry in self.tray or ()] != shown:
            await self.read()

    async def until_unread(self, unread: int) -> dict[str, Any]:
        """Read on until so many invitations are unread; return the frame that says so."""
        while self.inbox is None or self.inbox["unread"] != unread:
            await self.read()
        return self.inbox

    async def says_nothing(self) -> None:
        """Return when the server has answered a ping without anything before it."""
        await self.send(type="ping")
        frame = await self.read()
        assert frame["type"] == "pong", frame


def follower_of(*people: Person) -> Person:
    """Return somebody new who follows these."""
    follower = somebody("Viewer")
    for person in people:
        accounts.follow(follower_id=follower.account_id, followee_id=person.account_id)
    return follower
