"""daphne, bounded: bodies are refused before they are buffered, sockets have flow control.

What stock daphne 4.2 lacks: it buffers whole bodies whatever their size, takes a header that sets
the root path from anyone, and lets a socket send without limit.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import autobahn.websocket.protocol
import daphne.server
import orjson
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory
from twisted.internet.interfaces import IAddress
from twisted.web.http import HTTPChannel

from spaces_project.kernel.refusals import BodyTooLarge, InvalidRequest, Unexpected
from spaces_project.kernel.sockets.protocol import BoundedWebSocket
from spaces_project.kernel.web.request_id import harmless_or_new

LARGEST_BODY: Final = 256 * 1024
LARGEST_MESSAGE: Final = 64 * 1024
EXTENSION: Final = "spaces.protocol"
FORGEABLE: Final = (b"Daphne-Root-Path",)


class BoundedRequest(WebRequest):
    """Refuses a large body by its declared length, or as soon as chunks exceed the limit."""

    refused = False
    taken = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        """Look at the declared length, None for a chunked body, before anything is kept."""
        for name in FORGEABLE:
            self.requestHeaders.removeHeader(name)
        super().gotLength(0)  # it is kept in memory: of what is longer Twisted makes a file
        if length is not None and length > LARGEST_BODY:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Keep a piece of the body, unless it is too much."""
        self.taken += len(data)
        if self.taken > LARGEST_BODY:
            self._refuse()
        elif not self.refused:
            super().handleContentChunk(data)

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:  # noqa: N802
        """Set the status with its phrase; Twisted knows none younger than RFC 2616."""
        super().setResponseCode(code, message or HTTPStatus(code).phrase.encode())

    def process(self) -> Any:
        """Hand the complete request on, unless it was refused."""
        return None if self.refused else super().process()

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Answer what daphne refuses by itself with a problem document, as all the rest."""
        del status_text
        refusal = InvalidRequest(body) if status == HTTPStatus.BAD_REQUEST else Unexpected()
        problem = refusal.problem(harmless_or_new(self.getHeader("X-Request-Id") or ""))
        headers = [(b"Content-Type", b"application/problem+json")]
        self.handle_reply(
            {"type": "http.response.start", "status": refusal.status, "headers": headers}
        )
        self.handle_reply({"type": "http.response.body", "body": orjson.dumps(problem)})

    def _refuse(self) -> None:
        if self.refused:
            return
        self.refused = True
        request_id = harmless_or_new(self.getHeader("X-Request-Id") or "")
        body = orjson.dumps(BodyTooLarge(limit_bytes=LARGEST_BODY).problem(request_id))
        head = (
            "HTTP/1.1 413 Content Too Large\r\nContent-Type: application/problem+json\r\n"
            f"X-Request-Id: {request_id}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.channel.transport.write(head.encode() + body)
        self.channel.transport.loseConnection()
        self.server.protocol_disconnected(self)


class BoundedHTTPFactory(HTTPFactory):
    """Makes channels whose requests are bounded."""

    def buildProtocol(self, addr: IAddress) -> HTTPChannel | None:  # noqa: N802
        """Return the channel of a new connection."""
        channel: HTTPChannel | None = super().buildProtocol(addr)
        if channel is not None:
            channel.requestFactory = BoundedRequest
        return channel


class BoundedServer(Server):
    """daphne with bounded requests and sockets, whose consumers can see their transport."""

    def __init__(self, application: Any, **options: Any) -> None:
        super().__init__(
            application,
            websocket_max_message_size=LARGEST_MESSAGE,
            websocket_max_frame_size=LARGEST_MESSAGE,
            server_name="",
            **options,
        )

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application of a connection, with its protocol in the scope."""
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})[EXTENSION] = protocol
        return super().create_application(protocol, scope)


def before_shutdown(work: Callable[[], Any]) -> None:
    """Call something when the process is told to stop, before its applications are ended."""
    daphne.server.reactor.addSystemEventTrigger("before", "shutdown", work)


def use_bounded_protocols() -> None:
    """Put the bounded protocols where daphne's server makes its own (a contract test watches)."""
    WebSocketFactory.protocol = BoundedWebSocket
    daphne.server.HTTPFactory = BoundedHTTPFactory
    # autobahn prints forty settings of each new connection for a log line that nobody reads: more
    # than half of what its handshake costs.
    vars(autobahn.websocket.protocol)["pformat"] = _unprinted


def _unprinted(_settings: object) -> str:
    return ""
