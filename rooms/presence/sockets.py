"""Sockets as connections: one that only looks is none, one of somebody who is inside is."""

import asyncio
from collections.abc import Hashable, Iterable
from typing import Final
from uuid import UUID

from rooms.channel import RoomChannel
from rooms.domain.events import Joined, Returned
from rooms.presence.board import board
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.sockets.close_codes import RESTART
from spaces_project.kernel.sockets.connection import SocketConnection

# The log may say by now that they are away; who comes back is told so, and joins.
COME_BACK: Final = "thought gone; come in again, please"
COMES_IN: Final = frozenset({"room.join", "invitation.accept"})
GOES: Final = frozenset({"room.leave"})


def follows(channel: RoomChannel, connection: SocketConnection) -> None:
    """Count a socket that begins to follow a room, if it is somebody's who is inside."""
    if connection.account_id in channel.stage.present:
        board().connected(connection, channel.stage.room_id, connection.account_id)


def came_in(channel: RoomChannel, happened: Iterable[DomainEvent]) -> None:
    """Count the sockets of those who came in by other ways than these sockets."""
    come = {each.account_id for each in happened if isinstance(each, (Joined, Returned))}
    for connection in channel.connections if come else ():
        if connection.account_id in come:
            follows(channel, connection)


async def before(command: str, room_id: UUID, connection: SocketConnection) -> None:
    """Count a socket before its owner comes in by it: who joins first could be dropped first.

    :raises StorageUnavailable: if nobody can tell whether it is counted.
    """
    if command in COMES_IN:
        await asyncio.wrap_future(board().connected(connection, room_id, connection.account_id))


def after(command: str, connection: SocketConnection) -> None:
    """Count a socket no longer whose owner has left by it, and only looks now."""
    if command in GOES:
        board().disconnected(connection)


def gone(connection: SocketConnection) -> None:
    """Count a socket that is closed no longer."""
    board().disconnected(connection)


def come_back_when_lost(loop: asyncio.AbstractEventLoop) -> None:
    """Send the sockets of this process away to come back, when it was thought gone."""

    def send_away(lost: Iterable[Hashable]) -> None:
        for each in lost:
            assert isinstance(each, SocketConnection)
            loop.call_soon_threadsafe(each.close, RESTART, COME_BACK)

    board().when_lost = send_away
