"""WHIP, WHEP and live HLS pass through the web process, so that a client needs one address only.

The media node reads the token and decides; here nothing is decided. A balancer may send these
paths to the node directly.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import orjson

from spaces_project.kernel.refusals import Kind, NotFound, Refusal

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MEDIA: Final = re.compile(r"/api/v1/(rooms/[^/]+/(whip|whep|hls/[^/]+)|media/sessions/[^/]+)")
TIMEOUT_S: Final = 10.0
FORWARDED: Final = frozenset(
    {b"authorization", b"on-behalf-of", b"content-type", b"if-match", b"accept", b"x-request-id"}
)
RETURNED: Final = frozenset(
    {"content-type", "location", "etag", "link", "accept-post", "accept-patch", "retry-after",
     "www-authenticate", "x-request-id", "allow", "cache-control"}
)  # fmt: skip


class MediaUnavailable(Refusal):
    """The media node does not answer. Audio comes back by itself; try again in a moment."""

    kind, code, title = Kind.UNAVAILABLE, "media-unavailable", "The media node does not answer."


class MediaForwarding:
    """An ASGI application that forwards to the media node."""

    def __init__(self, node_url: str) -> None:
        self._node_url = node_url
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request and its answer; nothing but media's addresses leads there."""
        if not is_media(scope["path"]):
            await send_refusal(send, NotFound())
            return
        body = await read_body(receive)
        if body is None:
            return
        try:
            status, headers, content = await self._forward(scope, body)
        except (aiohttp.ClientError, TimeoutError):
            await send_refusal(send, MediaUnavailable(retry_after_s=1))
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _forward(
        self, scope: Scope, body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=False)
        given = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in FORWARDED
        }
        async with self._session.request(
            scope["method"],
            self._node_url + scope["path"],
            data=body or None,
            headers=given,
            allow_redirects=False,
        ) as response:
            content = await response.read()
            returned = [
                (name.lower().encode(), value.encode("latin-1"))
                for name, value in response.headers.items()
                if name.lower() in RETURNED
            ]
            return response.status, returned, content


def is_media(path: str) -> bool:
    """Tell whether an address is the media node's."""
    return MEDIA.fullmatch(path) is not None


async def send_refusal(send: Send, refusal: Refusal) -> None:
    """Answer with a problem document."""
    headers = [(b"content-type", b"application/problem+json")]
    if retry_after := refusal.facts.get("retry_after_s"):
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(refusal.problem())})


async def read_body(receive: Receive) -> bytes | None:
    """Return a request's body; None if the client has gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
