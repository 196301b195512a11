"""Which part of the process answers an HTTP request."""

import re
from collections import Counter
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl

from django.conf import settings

from spaces_project.kernel.authentication import found_before, identify
from spaces_project.kernel.limits.addresses import client_address
from spaces_project.kernel.refusals import NotAuthenticated, TooManyRequests
from spaces_project.kernel.server_keys import PREFIX
from spaces_project.kernel.web.media_forwarding import is_media
from spaces_project.kernel.web.wsgi_pool import Done, Environ, WsgiPool

WAITS: Final = "wait"  # a query parameter
# What takes long without saying so: a name that somebody else's server has to resolve, and a room
# that is folded from its first event.
NAMES: Final = re.compile(r"/api/v1/webhook-endpoints(/[^/]+)?")
FOLDS: Final = re.compile(r"/api/v1/rooms/[^/]+/at")
WRITES: Final = frozenset({"POST", "PATCH"})
WAITS_EACH: Final = 4  # at once, for an account, or an address without one


class Front:
    """What may wait waits in a pool of its own; media signalling and HLS are for the media node."""

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
        who = _asker(environ)
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
    """Tell whether an answer may take long, in whatever way the query is written."""
    path = environ["PATH_INFO"]
    if "HTTP_MIN_POSITION" in environ or FOLDS.fullmatch(path):
        return True
    if environ["REQUEST_METHOD"] in WRITES and NAMES.fullmatch(path):
        return True
    asked = environ["QUERY_STRING"]
    return any(name == WAITS for name, _ in parse_qsl(asked, keep_blank_values=True))


def _asker(environ: Environ) -> str:
    """Return who waits: one person, however many tokens there are and however they are written.

    It runs on the event loop, so a key that was never used here counts for itself.
    """
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = token.strip()
    if scheme.lower() == "bearer" and token.startswith(PREFIX):
        key = found_before(token)
        return token if key is None else key.account_id.hex
    if scheme.lower() == "bearer":
        with suppress(NotAuthenticated):
            return identify(token).account_id.hex
    forwarded_for = environ.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(environ["REMOTE_ADDR"], forwarded_for, settings.TRUSTED_PROXIES)
