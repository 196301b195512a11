"""Playlists and segments over HTTP, for whoever may listen at this very moment."""

import time
from typing import Final
from uuid import UUID

from aiohttp import web

from media.allowance import MinuteAllowance
from media.asking import Identify, identifier, who_asks
from media.domain.errors import NoSuchSegment
from media.hls.boxes import init_segment
from media.rights import Rights
from media.rooms_here import RoomsHere
from media.sdp.offer import Kind
from media.sessions import Connections

PLAYLIST: Final = "application/vnd.apple.mpegurl"
AUDIO: Final = "audio/mp4"
# Sound must not end up on the disk of a cache, and a right may end before the next request.
HEADERS: Final = {"Cache-Control": "private, no-store"}
_ROOM: Final = "/api/v1/rooms/{room}/hls"
_INIT: Final = init_segment()


class HlsDelivery:
    """The HTTP side of live HLS.

    * The right to listen is asked for with every request; the sound is cut once for all who ask.
    * The first playlist that is asked for begins it; segments alone do not.
    * Each request counts as a sign of life of somebody who is in the room by requests.
    """

    def __init__(
        self,
        rooms: RoomsHere,
        rights: Rights,
        identify: Identify,
        allowance: MinuteAllowance,
        connections: Connections | None = None,
    ) -> None:
        self._rooms = rooms
        self._rights = rights
        self._identify = identify
        self._allowance = allowance
        self._connections = connections

    def add_to(self, application: web.Application) -> None:
        """Add the addresses."""
        router = application.router
        router.add_get(f"{_ROOM}/live.m3u8", self.playlist, allow_head=False)
        router.add_get(f"{_ROOM}/init.mp4", self.init, allow_head=False)
        router.add_get(f"{_ROOM}/{{number:[0-9]{{1,18}}}}.m4s", self.segment, allow_head=False)

    async def playlist(self, request: web.Request) -> web.Response:
        """Return which segments there are now."""
        packager = self._rooms.package(await self._listened_room(request))
        packager.asked_at = time.monotonic()
        return web.Response(body=packager.playlist, content_type=PLAYLIST, headers=HEADERS)

    async def init(self, request: web.Request) -> web.Response:
        """Return what comes before all segments."""
        self._rooms.leave_if_empty(await self._listened_room(request))
        return web.Response(body=_INIT, content_type=AUDIO, headers=HEADERS)

    async def segment(self, request: web.Request) -> web.Response:
        """Return one segment."""
        room_id = await self._listened_room(request)
        self._rooms.leave_if_empty(room_id)
        room = self._rooms.get(room_id)
        content = None
        if room is not None and room.packager is not None:
            room.packager.asked_at = time.monotonic()
            content = room.packager.segment(int(request.match_info["number"]))
        if content is None:
            raise NoSuchSegment
        return web.Response(body=content, content_type=AUDIO, headers=HEADERS)

    async def _listened_room(self, request: web.Request) -> UUID:
        """Return the room, if whoever asks may listen to it now."""
        account_id = (await who_asks(request, self._identify)).account_id
        self._allowance.take(account_id, time.monotonic())
        room_id = identifier("room", request.match_info["room"])
        await self._rights.must_be_allowed(room_id, account_id, Kind.WHEP)
        if self._connections is not None:
            self._connections.renewed(room_id, account_id)
        return room_id
