"""Writing past a transport, straight to its socket: the only place that knows Twisted's buffers.

``transport.write`` copies, joins, and asks the poller to watch the socket, to send in the next turn
of the loop what the socket would have taken at once: twice the cost of the ``send()`` itself. What
is written past the transport must never overtake what the transport still holds (the answer 101, a
close frame): ask :func:`has_queued` at first, and be told of every write since.
``tests/kernel/web/test_contract.py`` watches the names used here; Twisted's version is pinned.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet.tcp import Connection

Send = Callable[[bytes | memoryview], int]


def sender_of(transport: Any) -> Send | None:
    """Return the ``send`` of a transport's socket; None if bytes must not go there as they are.

    A plain TCP connection sends what it is given; TLS, and whatever we do not know, does not. A
    connection that is lost has no socket any more.
    """
    if isinstance(transport, Connection) and transport.connected and not transport.TLS:
        return transport.socket.send
    return None


def has_queued(transport: Any) -> bool:
    """Tell whether a plain connection still holds bytes that must go first."""
    return bool(transport._tempDataBuffer or transport.dataBuffer)


def resume_when_drained(transport: Any) -> None:
    """Let a plain connection call its producer when it holds nothing and its socket has room."""
    if transport.connected:
        transport.producerPaused = True
        transport.startWriting()
