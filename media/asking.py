"""Who asks a node over HTTP, for what, and how a no is answered."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import orjson
from aiohttp import web

from spaces_project.kernel.authentication import HEADER as ON_BEHALF_OF
from spaces_project.kernel.ids import parse
from spaces_project.kernel.refusals import (
    NotAuthenticated,
    NotFound,
    Refusal,
    Unexpected,
    WrongMethod,
)
from spaces_project.kernel.web.request_id import HEADER as REQUEST_ID
from spaces_project.kernel.web.request_id import harmless_or_new

log = logging.getLogger(__name__)

PROBLEM: Final = "application/problem+json"
_BEARER: Final = "bearer "
_KNOWN: Final[dict[int, type[Refusal]]] = {404: NotFound, 405: WrongMethod}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Identity(Protocol):
    """Whom a token speaks for, and until when."""

    @property
    def account_id(self) -> UUID: ...  # noqa: D102
    @property
    def expires_at(self) -> datetime: ...  # noqa: D102
    @property
    def credential(self) -> UUID | None: ...  # noqa: D102


Identify = Callable[[str, str], Awaitable[Identity]]  # a token, and on whose behalf, if not ""


async def who_asks(request: web.Request, identify: Identify) -> Identity:
    """Return whom a request's token speaks for.

    :raises NotAuthenticated: if it has none that is good.
    """
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_BEARER):
        raise NotAuthenticated
    behalf = request.headers.get(ON_BEHALF_OF, "")
    return await identify(header[len(_BEARER) :].strip(), behalf)


def identifier(prefix: str, text: str) -> UUID:
    """Return what an address names.

    :raises NotFound: if that is no identifier.
    """
    try:
        return parse(prefix, text)
    except ValueError:
        raise NotFound from None


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals into problem documents (RFC 9457); the unknown is logged and told as such."""
    request_id = harmless_or_new(request.headers.get(REQUEST_ID, ""))
    try:
        response = await handler(request)
    except Refusal as refusal:
        return _problem(refusal, request_id)
    except web.HTTPException as known:
        return _problem(_KNOWN.get(known.status, NotFound)(), request_id)
    except Exception:  # the client gets a sentence, the log the trace
        log.exception("unexpected, request %s", request_id)
        return _problem(Unexpected(), request_id)
    response.headers[REQUEST_ID] = request_id
    return response


def _problem(refusal: Refusal, request_id: str) -> web.Response:
    headers = {REQUEST_ID: request_id}
    if isinstance(refusal, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="spaces"'
    if retry_after := refusal.facts.get("retry_after_s"):
        headers["Retry-After"] = str(retry_after)
    return web.Response(
        status=refusal.status,
        body=orjson.dumps(refusal.problem(request_id)),
        content_type=PROBLEM,
        headers=headers,
    )
