"""daphne's WebSocket protocol, bounded in what comes in, with a short way for what is usual.

autobahn takes a frame apart in some forty steps, daphne puts its words into a queue, and a task
takes them out again. A whole text frame of an open socket is read here in one step instead and
handed to whoever listens. Everything else (fragments, control frames, words beyond ASCII, what
breaks the rules) takes the long way and is judged by autobahn.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings

from spaces_project.kernel.sockets.close_codes import BAD_FRAME, RATE_LIMITED
from spaces_project.kernel.sockets.connection import SocketConnection, say_goodbye
from spaces_project.kernel.sockets.frames import whole_message
from spaces_project.kernel.sockets.inbox import Inbox

NO_LIMIT: Final = 1e9  # messages a second
PONG_HEAD: Final = 0x8A  # FIN and opcode 10 (RFC 6455, section 5.2)


class BoundedWebSocket(WebSocketProtocol):
    """A socket with a token bucket and a bounded inbox.

    ``inbox`` has what the client says until somebody listens; from then on ``hears`` is called with
    each text message at once.
    """

    refilled_at = 0.0
    muted = False
    connection: SocketConnection | None = None
    hears: Callable[[bytes], None] | None = None

    def onConnect(self, request: Any) -> Any:  # noqa: N802
        """Begin the handshake."""
        self.inbox = Inbox()
        self.messages_per_s = _messages_per_s()
        self.tokens = self.at_once = 2 * self.messages_per_s
        return super().onConnect(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Take what came over the wire."""
        if self.hears is not None:
            data = self._take_whole_messages(data)
            if not data:
                return
        super().dataReceived(data)

    def _take_whole_messages(self, data: bytes) -> bytes:
        """Hear the whole messages that data begins with; return what autobahn is to look at."""
        at = 0
        while (
            self.state == self.STATE_OPEN
            and not self.data  # autobahn holds nothing that must go first
            and self.current_frame is None
            and not self.inside_message
            and (found := whole_message(data, at)) is not None
        ):
            words, at = found
            if not self._take_token():
                return b""
            self._hear(words)
        return data[at:] if at else data

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """Take a message that came the long way."""
        if not self._take_token():
            return
        if isBinary:
            self.inbox.close()
            say_goodbye(self, BAD_FRAME, "not a text frame")
        else:
            self._hear(payload)

    def _hear(self, words: bytes) -> None:
        if self.hears is not None:
            self.hears(words)
        else:
            self.keep(words, len(words))

    def keep(self, item: Any, size: int) -> None:
        """Put something said into the inbox; close the socket of whoever says too much at once."""
        if not self.inbox.put(item, size):
            self._cut_off()

    def onPing(self, payload: bytes) -> None:  # noqa: N802
        """Answer a ping; it costs as much as a message, before authentication too.

        A reader that stands still gets none: it would only wait behind the rest, and RFC 6455
        (section 5.5.3) asks for an answer to the latest one only.
        """
        if not self._take_token():
            return
        if self.connection is None:
            super().onPing(payload)
        else:
            self.connection.offer(bytes((PONG_HEAD, len(payload))) + payload)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:  # noqa: N802, N803
        """End the application's reading, and let go of what would hold each other in memory."""
        super().onClose(wasClean, code, reason)
        self._shut()
        self.connection = self.hears = None
        if "inbox" in self.__dict__:
            self.inbox.close()

    def sendData(  # noqa: N802
        self,
        data: bytes,
        sync: bool = False,
        chopsize: int | None = None,
    ) -> None:
        """Write something of autobahn's own; whatever it writes comes through here."""
        super().sendData(data, sync, chopsize)
        if self.connection is not None:
            self.connection.hold()

    def sendCloseFrame(  # noqa: N802
        self,
        code: int | None = None,
        reasonUtf8: bytes | None = None,  # noqa: N803
        isReply: bool = False,  # noqa: N803
    ) -> None:
        """Say goodbye: it is the last frame, whoever began."""
        super().sendCloseFrame(code=code, reasonUtf8=reasonUtf8, isReply=isReply)
        self._shut()

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802
        """Break off."""
        self._shut()
        super().dropConnection(abort)

    def check_timeouts(self) -> None:
        """Look after the handshake; a signed-in socket is looked after by its hub."""
        if self.connection is None:
            super().check_timeouts()

    def _shut(self) -> None:
        if self.connection is not None:
            self.connection.shut()

    def _take_token(self) -> bool:
        now = time.monotonic()
        refill = (now - self.refilled_at) * self.messages_per_s
        self.tokens = min(self.at_once, self.tokens + refill) - 1
        self.refilled_at = now
        if self.tokens < 0:
            self._cut_off()
        return self.tokens >= 0

    def _cut_off(self) -> None:
        """Close the socket of whoever floods, and read nothing more from it."""
        if self.muted:
            return
        self.muted = True
        self.inbox.close()
        say_goodbye(self, RATE_LIMITED, "too many messages")
        self.transport.pauseProducing()
        self.factory.reactor.callLater(1, self.transport.abortConnection)


def _messages_per_s() -> float:
    """Return how many messages a client may send; twice as many at once, after a silence."""
    limit = settings.LIMITS.get("socket-messages")
    return limit.amount / max(1, limit.window_s) if limit else NO_LIMIT
