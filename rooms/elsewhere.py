"""One person follows a room in one place: the newest socket stays, whatever process has it."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from rooms.channel import RoomChannel
from spaces_project.kernel.signals import Exchange
from spaces_project.kernel.sockets.close_codes import ELSEWHERE
from spaces_project.kernel.sockets.connection import SocketConnection

CHANNEL: Final = "elsewhere"
REASON: Final = "opened somewhere else"


class OnePlace:
    """Closes the older of two sockets; lives on the event loop.

    Processes tell each other by signals, which may be lost: then both stay, until the line between
    them stands again, and each says anew whom it has. Times are those of the machines' clocks.
    """

    def __init__(
        self,
        channels: Mapping[UUID, RoomChannel],
        exchange: Exchange,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._channels = channels
        self._exchange = exchange
        self._me = uuid4().hex
        self._loop = loop
        exchange.subscribe(CHANNEL, self._on_signal)
        exchange.on_return(self._on_return)

    def came(self, channel: RoomChannel, connection: SocketConnection) -> None:
        """Let a socket that has just joined be the only one of its person."""
        if channel.watched.here[connection.account_id] > 1:
            same = [
                each
                for each in channel.connections
                if each.account_id == connection.account_id and not each.closed
            ]
            for older in sorted(same, key=lambda each: each.number)[:-1]:
                older.close(ELSEWHERE, REASON)
        if not connection.closed and self._exchange.is_connected:
            self._say(channel, [connection])

    def _on_signal(self, message: dict[str, Any]) -> None:
        if message["from"] != self._me:
            self._loop.call_soon_threadsafe(self.hear, message)

    def _on_return(self) -> None:
        self._loop.call_soon_threadsafe(self.say_all)

    def say_all(self) -> None:
        """Tell the others whom we have: what was said while nobody heard it is lost."""
        for channel in self._channels.values():
            self._say(channel, [each for each in channel.connections if each.live])

    def hear(self, message: dict[str, Any]) -> None:
        """Close whoever is newer elsewhere; answer for whoever is newer here."""
        channel = self._channels.get(UUID(message["room"]))
        if channel is None:
            return
        there = {UUID(account): (at, message["from"]) for account, at in message["people"]}
        common = there.keys() & channel.watched.here.keys()
        newer = []
        for connection in [c for c in channel.connections if c.account_id in common]:
            if (connection.opened_at, self._me) < there[connection.account_id]:
                connection.close(ELSEWHERE, REASON)
            elif connection.live:
                newer.append(connection)
        self._say(channel, newer)

    def _say(self, channel: RoomChannel, connections: list[SocketConnection]) -> None:
        if connections:
            people = [[each.account_id.hex, each.opened_at] for each in connections]
            room = channel.stage.room_id.hex
            message = {"room": room, "people": people, "from": self._me}
            self._exchange.publish(CHANNEL, message)
