"""Which part of the process answers an HTTP request."""

import re
from collections import Counter
from typing import Final

from spaces_project.kernel.refusals import TooManyRequests
from spaces_project.kernel.web.media_forwarding import MediaForwarding
from spaces_project.kernel.web.wsgi_pool import Receive, Scope, Send, WsgiPool, send_refusal

MEDIA: Final = re.compile(r"/api/v1/(rooms/[^/]+/(whip|whep)|media/sessions/[^/]+)")
WAITS: Final = re.compile(rb"(^|&)wait=")
MIN_POSITION: Final = b"min-position"
WAITS_EACH: Final = 4  # at once, for whoever shows the same token or comes from the same address


class Front:
    """Media signalling goes to the media node, what may wait waits elsewhere, the rest is REST."""

    def __init__(self, *, rest: WsgiPool, waiting: WsgiPool, media: MediaForwarding) -> None:
        self._rest = rest
        self._waiting = waiting
        self._media = media
        self._waiters: Counter[bytes] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request to its part."""
        if MEDIA.fullmatch(scope["path"]):
            await self._media(scope, receive, send)
        elif _may_wait(scope):
            await self._wait(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _wait(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = _who(scope)
        if self._waiters[who] >= WAITS_EACH:
            refusal = TooManyRequests("Wait for one answer before asking again.", retry_after_s=1)
            await send_refusal(send, refusal)
            return
        self._waiters[who] += 1
        try:
            await self._waiting(scope, receive, send)
        finally:
            self._waiters[who] -= 1
            if not self._waiters[who]:
                del self._waiters[who]


def _may_wait(scope: Scope) -> bool:
    asked = any(name == MIN_POSITION for name, _ in scope["headers"])
    return asked or WAITS.search(scope["query_string"]) is not None


def _who(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return bytes(value)
    return str((scope.get("client") or ("",))[0]).encode()
