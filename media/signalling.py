"""WHIP and WHEP over HTTP (RFC 9725, draft-ietf-wish-whep)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import orjson
from aiohttp import web

from media.domain.errors import OfferIsMalformed, OfferIsTooLarge
from media.domain.limits import BODY_S, OFFER_BYTES
from media.offers import OfferAllowance
from media.sdp import fragment
from media.sdp.offer import Kind
from media.session import PREFIX
from media.sessions import Sessions
from spaces_project.kernel.authentication import HEADER as ON_BEHALF_OF
from spaces_project.kernel.ids import parse
from spaces_project.kernel.refusals import (
    NotAuthenticated,
    NotFound,
    Refusal,
    Unexpected,
    VersionMismatch,
    WrongMediaType,
    WrongMethod,
)
from spaces_project.kernel.web.request_id import HEADER as REQUEST_ID
from spaces_project.kernel.web.request_id import harmless_or_new

log = logging.getLogger(__name__)

SDP: Final = "application/sdp"
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


class Signalling:
    """The HTTP side of a node."""

    def __init__(self, sessions: Sessions, identify: Identify, offers: OfferAllowance) -> None:
        self._sessions = sessions
        self._identify = identify
        self._offers = offers

    def application(self) -> web.Application:
        """Return the routes; every refusal becomes a problem document."""
        application = web.Application(middlewares=[_problems])
        application.router.add_post(r"/api/v1/rooms/{room}/{kind:whip|whep}", self.open)
        application.router.add_patch("/api/v1/media/sessions/{session}", self.patch)
        application.router.add_delete("/api/v1/media/sessions/{session}", self.delete)
        application.router.add_get("/livez", _alive)
        application.router.add_get("/readyz", _alive)
        return application

    async def open(self, request: web.Request) -> web.Response:
        """Open a session: 201 with the answer, its address and its ETag."""
        identity = await self._who(request)
        self._offers.take(identity.account_id, time.monotonic())
        if request.content_type != SDP:
            raise WrongMediaType(detail=f"An offer is {SDP}.")
        body = await _limited_body(request)
        session, answer = await self._sessions.open(
            room_id=_identifier("room", request.match_info["room"]),
            account_id=identity.account_id,
            expires_at=identity.expires_at,
            credential=identity.credential,
            kind=Kind(request.match_info["kind"]),
            body=body,
        )
        return web.Response(
            status=201,
            text=answer,
            content_type=SDP,
            headers={
                "Location": f"/api/v1/media/sessions/{session.public_id}",
                "ETag": session.etag,
                "Accept-Patch": fragment.CONTENT_TYPE,
            },
        )

    async def patch(self, request: web.Request) -> web.Response:
        """Restart ICE (200 with our fragment), or take candidates, which change nothing (204)."""
        account_id = (await self._who(request)).account_id
        if request.content_type != fragment.CONTENT_TYPE:
            raise WrongMediaType(detail=f"A fragment is {fragment.CONTENT_TYPE}.")
        body = await _limited_body(request)
        session = self._sessions.owned(
            _identifier(PREFIX, request.match_info["session"]), account_id
        )
        # RFC 9725, 4.3.1: who restarts says "*"; who adds candidates names the session's ETag.
        if request.headers.get("If-Match", "*") not in {"*", session.etag}:
            raise VersionMismatch
        answer = session.restart(fragment.read_ufrag(body))
        if answer is None:
            return web.Response(status=204, headers={"ETag": session.etag})
        return web.Response(
            text=answer, content_type=fragment.CONTENT_TYPE, headers={"ETag": session.etag}
        )

    async def delete(self, request: web.Request) -> web.Response:
        """End a session."""
        session_id = _identifier(PREFIX, request.match_info["session"])
        account_id = (await self._who(request)).account_id
        await self._sessions.end(self._sessions.owned(session_id, account_id))
        return web.Response(status=200)

    async def _who(self, request: web.Request) -> Identity:
        header = request.headers.get("Authorization", "")
        if not header.lower().startswith(_BEARER):
            raise NotAuthenticated
        behalf = request.headers.get(ON_BEHALF_OF, "")
        return await self._identify(header[len(_BEARER) :].strip(), behalf)


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _identifier(prefix: str, text: str) -> UUID:
    try:
        return parse(prefix, text)
    except ValueError:
        raise NotFound from None


async def _limited_body(request: web.Request) -> bytes:
    """Read at most 32 KiB; what announces more is not read at all."""
    if (request.content_length or 0) > OFFER_BYTES:
        raise OfferIsTooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_chunked(4096):
                body += chunk
                if len(body) > OFFER_BYTES:
                    raise OfferIsTooLarge
    except TimeoutError:
        raise OfferIsMalformed(detail="The body took too long to arrive.") from None
    return bytes(body)


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
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
