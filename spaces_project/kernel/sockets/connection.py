"""One socket: a cursor into its channel's ring, written straight to the file descriptor.

There is no queue per socket. A slow reader is a cursor left behind: when its socket is full it is
skipped, and catches up from the ring when it has drained.
"""

import asyncio
import time
from itertools import count
from typing import Any, Final

from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.sockets.close_codes import TOO_SLOW
from spaces_project.kernel.sockets.direct import has_queued, resume_when_drained, sender_of
from spaces_project.kernel.sockets.frames import text_frame

CHUNK_BYTES: Final = 64 * 1024  # at most so much of the ring waits for one reader in our memory
BLOCKED_S: Final = 10.0
IDLE_S: Final = 45.0
PING_S: Final = 20.0
LONGEST_REASON: Final = 123  # bytes (RFC 6455, section 5.5)
PING: Final = text_frame({"type": "ping"})
_numbers: Final = count(1)


class SocketConnection:
    """A signed-in socket and how far it has come (``cursor``: the seq of its last event).

    It is the transport's push producer (Twisted's IPushProducer): the transport says when it has
    drained. ``blocked_since`` is None while the reader keeps up; otherwise something waits for it
    already, and only what must not be lost is put behind.
    """

    __slots__ = (
        "_drained",
        "_send",
        "account_id",
        "blocked_since",
        "channel",
        "closed",
        "counted",
        "cursor",
        "epoch",
        "expires_at",
        "heard_at",
        "identity",
        "live",
        "number",
        "opened_at",
        "pinged_at",
        "protocol",
        "transport",
    )

    def __init__(self, protocol: Any, identity: Identity) -> None:
        self.protocol = protocol
        self.transport = protocol.transport
        self.identity = identity
        self.account_id = identity.account_id
        self.number = next(_numbers)  # the higher, the newer
        self.opened_at = time.time_ns()  # what another process compares
        self.expires_at = identity.expires_at.timestamp()
        self.cursor = 0
        self.epoch = ""  # of the state that its client has
        self.counted: object = None  # the latest of what is told without a number
        self.live = False  # catching up from the log until it is
        self.channel: Any = None
        self.heard_at = time.monotonic()
        self.pinged_at = self.heard_at
        self.blocked_since: float | None = None
        self.closed = False
        self._drained: asyncio.Future[None] | None = None
        self._send = sender_of(self.transport)
        protocol.connection = self
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        if self._send is not None and has_queued(self.transport):
            self._block()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message of this socket's own, e.g. an acknowledgement."""
        self.write(text_frame(message))

    def send_ephemeral(self, frame: bytes) -> None:
        """Send what may be lost: nothing, while the reader is slow or has not caught up."""
        if self.live:
            self.offer(frame)

    def write(self, frame: bytes) -> None:
        """Hand encoded frames over, behind whatever waits for the reader already."""
        if not self.offer(frame) and not self.closed:
            self.transport.write(frame)

    def offer(self, frames: bytes) -> bool:
        """Hand encoded frames over, unless the reader takes none of them now; tell which.

        What its socket takes only in part is finished by the transport: no frame is ever torn.
        """
        if self.closed or self.blocked_since is not None:
            return False
        if self._send is None:  # the transport says by pauseProducing when it is enough
            self.transport.write(frames)
            return True
        try:
            sent = self._send(frames)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.closed = True
            self.transport.abortConnection()
            return False
        if sent == len(frames):
            return True
        self._block()
        if sent:
            self.transport.write(frames[sent:])
        return sent > 0

    def hold(self) -> None:
        """Take note that somebody else wrote to the transport: nothing may overtake it.

        Being told costs less than asking each transport before each frame.
        """
        if self._send is not None:
            self._block()

    async def drained(self) -> None:
        """Wait until the reader has taken everything, or is gone."""
        while self.blocked_since is not None and not self.closed:
            if self._drained is None:
                self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye with a reason; whatever was written before goes first."""
        if not self.closed:
            say_goodbye(self.protocol, code, reason)
            self.shut()

    def shut(self) -> None:
        """Send nothing more: the last frame, which closes the socket, is on its way."""
        self.closed = True
        self._wake()

    def check(self, now: float) -> None:
        """Close the socket if its reader stands still; ping it now and then."""
        if self.blocked_since is not None:
            if now - self.blocked_since > BLOCKED_S:
                self.close(TOO_SLOW, "too slow")
                self.transport.abortConnection()
        elif now - self.pinged_at > PING_S:
            self.pinged_at = now
            self.write(PING)

    def _block(self) -> None:
        self.blocked_since = self.blocked_since or time.monotonic()
        resume_when_drained(self.transport)

    def _wake(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # Twisted's IPushProducer; the names are Twisted's.

    def pauseProducing(self) -> None:  # noqa: N802
        """Take note that the transport is full."""
        self.blocked_since = self.blocked_since or time.monotonic()

    def resumeProducing(self) -> None:  # noqa: N802
        """Go on: the transport has drained."""
        self.blocked_since = None
        self._wake()
        if self.channel is not None:
            self.channel.pump(self)

    def stopProducing(self) -> None:  # noqa: N802
        """Take note that the transport is gone."""
        self.shut()


def say_goodbye(protocol: Any, code: int, reason: str) -> None:
    """Start the closing handshake with any code: autobahn's sendClose knows only 1000 and 3000+."""
    protocol.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:LONGEST_REASON], isReply=False)
