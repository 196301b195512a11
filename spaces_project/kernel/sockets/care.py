"""What every hub does for its sockets now and then: heartbeats, tokens that end, slow readers."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.sockets.close_codes import NOT_AUTHENTICATED, TIMED_OUT
from spaces_project.kernel.sockets.connection import IDLE_S, SocketConnection

log = logging.getLogger(__name__)

CHECK_S: Final = 1.0
TOKENS_S: Final = 0.2  # with the look for revocations, what is signed out hears 0.5 s more at most


class Connected(Protocol):
    """What has sockets: a room's channel, or somebody's tray."""

    connections: set[SocketConnection]


def look_after(connections: Iterable[SocketConnection], now: float, wall: float) -> None:
    """Close the sockets that are silent, out of date or stuck; ping the others now and then.

    :param now: ``time.monotonic()``.
    :param wall: ``time.time()``, by which tokens expire.
    """
    everybody = list(connections)
    end_with_tokens(everybody, wall)
    for connection in everybody:
        if now - connection.heard_at > IDLE_S:
            connection.close(TIMED_OUT, "nothing heard")
        else:
            connection.check(now)


def end_with_tokens(connections: Iterable[SocketConnection], wall: float) -> None:
    """Close the sockets whose token has expired or was taken back."""
    revoked = revocations()
    for connection in connections:
        if connection.expires_at < wall:
            connection.close(NOT_AUTHENTICATED, "the token has expired")
        elif connection.identity.credential in revoked:
            connection.close(NOT_AUTHENTICATED, "signed out")


async def watch_tokens(channels: Mapping[Any, Connected]) -> None:
    """Close the sockets of channels, or of trays, soon after their token's end, for ever."""
    while True:
        await asyncio.sleep(TOKENS_S)
        try:
            for channel in list(channels.values()):
                end_with_tokens(list(channel.connections), time.time())
        except Exception:
            log.exception("nobody knows whose token has ended")
