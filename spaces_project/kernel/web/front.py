"""Which part of the process answers an HTTP request."""

import re
from typing import Final

from spaces_project.kernel.web.media_forwarding import MediaForwarding
from spaces_project.kernel.web.wsgi_pool import Receive, Scope, Send, WsgiPool

MEDIA: Final = re.compile(r"/api/v1/(rooms/[^/]+/(whip|whep)|media/sessions/[^/]+)")
WAITS: Final = re.compile(rb"(^|&)wait=")


class Front:
    """Media signalling goes to the media node, long polls wait elsewhere, the rest is REST."""

    def __init__(self, *, rest: WsgiPool, waiting: WsgiPool, media: MediaForwarding) -> None:
        self._rest = rest
        self._waiting = waiting
        self._media = media

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request to its part."""
        if MEDIA.fullmatch(scope["path"]):
            await self._media(scope, receive, send)
        elif WAITS.search(scope["query_string"]):
            await self._waiting(scope, receive, send)
        else:
            await self._rest(scope, receive, send)
