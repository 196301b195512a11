"""A complete HTTP request goes from daphne's protocol straight into the pool, without a task.

A WebSocket's upgrade, media signalling and malformed heads take daphne's own way.
"""

import asyncio
import contextlib
import sys
import time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import daphne.server
from daphne.http_protocol import HTTPFactory
from daphne.utils import HEADER_NAME_RE, INVALID_HEADER_VALUE_BYTES
from twisted.internet.interfaces import IAddress
from twisted.web.http import HTTPChannel

from spaces_project.kernel.refusals import Refusal
from spaces_project.kernel.sockets.direct import has_queued, sender_of
from spaces_project.kernel.web.front import Front
from spaces_project.kernel.web.server import BoundedRequest
from spaces_project.kernel.web.wsgi_pool import Environ, refused

UNPREFIXED: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
LENGTH: Final = "CONTENT_LENGTH"
SAME_FOR_ALL: Final = {
    "SCRIPT_NAME": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",  # TLS ends before us
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class PooledRequest(BoundedRequest):
    """One request, answered by the front's pools."""

    front: Front
    content: Any  # in memory; the pool's, once it has the request
    finished: int

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        """Take a complete request; Twisted would parse its query and forms, which Django does."""
        self.method, self.uri, self.clientproto = command, path, version
        self.path, _, self.query_string = path.partition(b"?")
        self.process()

    def process(self) -> Any:
        """Hand the request to a pool, or leave it to daphne."""
        if self.refused:
            return None
        environ = self._environ()
        if environ is None:
            return super().process()
        close = not self.channel.persistent
        self.request_start = time.time()
        try:
            if not self.front.submit(environ, self._answer, close=close):
                return super().process()
        except Refusal as refusal:
            self._answer(refused(refusal, environ, close=close))
            return None
        self.content = None  # the pool reads it, also if the client goes meanwhile
        # daphne watches over whatever has one: time limit, end of the process.
        answered = asyncio.get_running_loop().create_future()
        self.server.connections[self]["application_instance"] = answered
        return None

    def _answer(self, answer: bytes) -> None:
        self.server.connections.pop(self, None)
        if self.finished or self._disconnected:
            return  # it took too long, or nobody is there any more
        _send(self.channel.transport, answer)
        self.finished = 1
        self._cleanup()

    def _environ(self) -> Environ | None:
        """Return the WSGI environment (PEP 3333); None if the head is for daphne."""
        if not (self.path.isascii() and self.query_string.isascii()) or self._is_upgrade():
            return None
        path = unquote_to_bytes(self.path) if b"%" in self.path else self.path
        environ: Environ = {
            **SAME_FOR_ALL,
            "REQUEST_METHOD": self.method.decode("ascii"),
            "PATH_INFO": path.decode("latin-1"),
            "QUERY_STRING": self.query_string.decode("ascii"),
            "SERVER_NAME": getattr(self.host, "host", "localhost"),
            "SERVER_PORT": str(getattr(self.host, "port", 80)),
            "REMOTE_ADDR": getattr(self.client, "host", ""),
        }
        for name, values in self.requestHeaders.getAllRawHeaders():
            value = values[0] if len(values) == 1 else b",".join(values)
            key = _variable(name)
            if key is None or not INVALID_HEADER_VALUE_BYTES.isdisjoint(value):
                return None
            if b"_" not in name:  # it would pass for another (CVE-2015-0219)
                environ[key] = value.decode("latin-1")
        environ[LENGTH] = str(self.content.seek(0, 2))  # what was read is what counts
        self.content.seek(0)
        environ["wsgi.input"] = self.content
        return environ

    def _is_upgrade(self) -> bool:
        asked = self.requestHeaders.getRawHeaders(b"Upgrade")
        return asked is not None and asked[0].lower() == b"websocket"


class PooledHTTPFactory(HTTPFactory):  # type: ignore[misc]
    """Makes channels whose requests are answered by the pools."""

    def buildProtocol(self, addr: IAddress) -> HTTPChannel | None:  # noqa: N802
        """Return the channel of a new connection."""
        channel: HTTPChannel | None = super().buildProtocol(addr)
        if channel is not None:
            channel.requestFactory = PooledRequest
        return channel


def use_pools(front: Front) -> None:
    """Let daphne's server answer HTTP by the pools of a front."""
    PooledRequest.front = front
    daphne.server.HTTPFactory = PooledHTTPFactory


@lru_cache(maxsize=512)
def _variable(name: bytes) -> str | None:
    """Return the WSGI variable of a header, None if its name is malformed."""
    if not HEADER_NAME_RE.fullmatch(name):
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in UNPREFIXED else f"HTTP_{key}"


def _send(transport: Any, answer: bytes) -> None:
    """Write at once where nothing waits before it, without another round of the loop."""
    send, sent = sender_of(transport), 0
    if send is not None and not has_queued(transport) and not transport.disconnecting:
        with contextlib.suppress(OSError):  # full, or dead: the transport will find out by itself
            sent = send(answer)
    if sent < len(answer):
        transport.write(answer[sent:])
