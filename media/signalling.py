"""WHIP and WHEP over HTTP (RFC 9725, draft-ietf-wish-whep)."""

import asyncio
import time
from typing import Final

from aiohttp import web

from media.allowance import MinuteAllowance
from media.asking import Identify, identifier, problems, who_asks
from media.domain.errors import OfferIsMalformed, OfferIsTooLarge
from media.domain.limits import BODY_S, OFFER_BYTES
from media.sdp import fragment
from media.sdp.offer import Kind
from media.session import PREFIX
from media.sessions import Sessions
from spaces_project.kernel.refusals import VersionMismatch, WrongMediaType

SDP: Final = "application/sdp"


class Signalling:
    """The HTTP side of a node."""

    def __init__(self, sessions: Sessions, identify: Identify, offers: MinuteAllowance) -> None:
        self._sessions = sessions
        self._identify = identify
        self._offers = offers

    def application(self) -> web.Application:
        """Return an application; every refusal becomes a problem document."""
        application = web.Application(middlewares=[problems])
        application.router.add_post(r"/api/v1/rooms/{room}/{kind:whip|whep}", self.open)
        application.router.add_patch("/api/v1/media/sessions/{session}", self.patch)
        application.router.add_delete("/api/v1/media/sessions/{session}", self.delete)
        application.router.add_get("/livez", _alive)
        application.router.add_get("/readyz", _alive)
        return application

    async def open(self, request: web.Request) -> web.Response:
        """Open a session: 201 with the answer, its address and its ETag."""
        identity = await who_asks(request, self._identify)
        self._offers.take(identity.account_id, time.monotonic())
        if request.content_type != SDP:
            raise WrongMediaType(detail=f"An offer is {SDP}.")
        body = await _limited_body(request)
        session, answer = await self._sessions.open(
            room_id=identifier("room", request.match_info["room"]),
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
        account_id = (await who_asks(request, self._identify)).account_id
        if request.content_type != fragment.CONTENT_TYPE:
            raise WrongMediaType(detail=f"A fragment is {fragment.CONTENT_TYPE}.")
        body = await _limited_body(request)
        session = self._sessions.owned(
            identifier(PREFIX, request.match_info["session"]), account_id
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
        session_id = identifier(PREFIX, request.match_info["session"])
        account_id = (await who_asks(request, self._identify)).account_id
        await self._sessions.end(self._sessions.owned(session_id, account_id))
        return web.Response(status=200)


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


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
