"""One socket: a cursor into its channel's ring, written straight to the transport.

There is no queue per socket. A slow reader is a cursor left behind: when the transport is full it
is skipped, and catches up from the ring when the transport has drained.
"""

import time
from typing import Any, Final
from uuid import UUID

from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.sockets.close_codes import TOO_SLOW
from spaces_project.kernel.sockets.frames import text_frame

CHUNK_BYTES: Final = 64 * 1024
BLOCKED_S: Final = 10.0
IDLE_S: Final = 45.0
PING_S: Final = 20.0
LONGEST_REASON: Final = 123  # bytes (RFC 6455, section 5.5)
PING: Final = text_frame({"type": "ping"})


class SocketConnection:
    """A signed-in socket and how far it has come (``cursor``: the seq of its last event).

    It is the transport's push producer (Twisted's IPushProducer): the transport says when it is
    full and when it has drained.
    """

    def __init__(self, protocol: Any, identity: Identity) -> None:
        self.protocol = protocol
        self.transport = protocol.transport
        self.identity = identity
        self.cursor = 0
        self.live = False  # catching up from the log until it is
        self.channel: Any = None
        self.heard_at = time.monotonic()
        self.pinged_at = self.heard_at
        self.blocked_since: float | None = None
        self.closed = False
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    @property
    def account_id(self) -> UUID:
        """Who is at the other end."""
        return self.identity.account_id

    def send(self, message: dict[str, Any]) -> None:
        """Send one message of this socket's own, e.g. an acknowledgement."""
        self.write(text_frame(message))

    def send_ephemeral(self, frame: bytes) -> None:
        """Send what may be lost: nothing, while the reader is slow or has not caught up."""
        if self.live and self.blocked_since is None:
            self.write(frame)

    def write(self, frame: bytes) -> None:
        """Hand encoded frames to the transport, behind whatever it still holds."""
        if not self.closed:
            self.transport.write(frame)

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye with a reason; whatever was written before goes first."""
        if self.closed:
            return
        self.closed = True
        say_goodbye(self.protocol, code, reason)

    def check(self, now: float) -> None:
        """Close the socket if its reader stands still; ping it now and then."""
        if self.blocked_since is not None and now - self.blocked_since > BLOCKED_S:
            self.close(TOO_SLOW, "too slow")
            self.transport.abortConnection()
        elif now - self.pinged_at > PING_S:
            self.pinged_at = now
            self.write(PING)

    # Twisted's IPushProducer; the names are Twisted's.

    def pauseProducing(self) -> None:  # noqa: N802
        """Take note that the transport is full."""
        self.blocked_since = self.blocked_since or time.monotonic()

    def resumeProducing(self) -> None:  # noqa: N802
        """Go on: the transport has drained."""
        self.blocked_since = None
        if self.channel is not None:
            self.channel.pump(self)

    def stopProducing(self) -> None:  # noqa: N802
        """Take note that the transport is gone."""
        self.closed = True


def say_goodbye(protocol: Any, code: int, reason: str) -> None:
    """Start the closing handshake with any code: autobahn's sendClose knows only 1000 and 3000+."""
    protocol.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:LONGEST_REASON], isReply=False)
