"""Which part of the process answers an HTTP request."""

import re
from collections import Counter
from typing import Final

from spaces_project.kernel.refusals import TooManyRequests
from spaces_project.kernel.web.media_forwarding import is_media
from spaces_project.kernel.web.wsgi_pool import Done, Environ, WsgiPool

WAITS: Final = re.compile(r"(^|&)wait=")
WAITS_EACH: Final = 4  # at once, for whoever shows the same token or comes from the same address


class Front:
    """What may wait waits in a pool of its own; media signalling is for the media node."""

    def __init__(self, *, rest: WsgiPool, waiting: WsgiPool) -> None:
        self._rest = rest
        self._waiting = waiting
        self._waiters: Counter[str] = Counter()

    def submit(self, environ: Environ, done: Done, *, close: bool) -> bool:
        """Hand a request to its pool; False if it is none of theirs.

        :raises Refusal: if it must not wait in line.
        """
        if is_media(environ["PATH_INFO"]):
            return False
        if _may_wait(environ):
            self._wait(environ, done, close=close)
        else:
            self._rest.submit(environ, done, close=close)
        return True

    def _wait(self, environ: Environ, done: Done, *, close: bool) -> None:
        who = environ.get("HTTP_AUTHORIZATION") or environ["REMOTE_ADDR"]
        if self._waiters[who] >= WAITS_EACH:
            raise TooManyRequests("Wait for one answer before asking again.", retry_after_s=1)

        def waited(answer: bytes) -> None:
            self._waiters[who] -= 1
            if not self._waiters[who]:
                del self._waiters[who]
            done(answer)

        self._waiting.submit(environ, waited, close=close)
        self._waiters[who] += 1


def _may_wait(environ: Environ) -> bool:
    return "HTTP_MIN_POSITION" in environ or WAITS.search(environ["QUERY_STRING"]) is not None
