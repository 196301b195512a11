"""What every hub does for its sockets each second: heartbeats, expired tokens, slow readers."""

from collections.abc import Iterable
from typing import Final

from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.sockets.close_codes import NOT_AUTHENTICATED, TIMED_OUT
from spaces_project.kernel.sockets.connection import IDLE_S, SocketConnection

CHECK_S: Final = 1.0


def look_after(connections: Iterable[SocketConnection], now: float, wall: float) -> None:
    """Close the sockets that are silent, out of date or stuck; ping the others now and then.

    :param now: ``time.monotonic()``.
    :param wall: ``time.time()``, by which tokens expire.
    """
    revoked = revocations()
    for connection in list(connections):
        if now - connection.heard_at > IDLE_S:
            connection.close(TIMED_OUT, "nothing heard")
        elif connection.expires_at < wall:
            connection.close(NOT_AUTHENTICATED, "the token has expired")
        elif connection.identity.credential in revoked:
            connection.close(NOT_AUTHENTICATED, "signed out")
        else:
            connection.check(now)
