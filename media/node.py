"""A media node: one UDP socket, its signalling, its level stream, its clocks.

It needs neither Django nor a database: who people are and what the log says is given to it.
"""

import asyncio
import gc
import ipaddress
import logging
import time
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from media.allowance import MinuteAllowance
from media.asking import Identify
from media.domain.hls import DEFAULTS, HlsRules
from media.domain.limits import HLS_PER_MINUTE, OFFERS_PER_MINUTE, REPORT_EVERY_S
from media.hls.delivery import HlsDelivery
from media.level_stream import LevelStream
from media.rights import Rights
from media.rooms_here import RoomsHere
from media.sessions import Connections, Sessions
from media.signalling import Signalling
from media.stages import Stages
from media.transport.mux import UdpMux
from spaces_project.kernel.refusals import TooManyRequests

log = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 1.0
WATCH_EVERY_S: Final = 0.2
_NEVER: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a node listens; 0 is any free port."""

    http: int = 0
    udp: int = 0
    signals: int = 0


class MediaNode:
    """Everything that one media process does.

    :param identify: whom a Bearer token speaks for; refuses with NotAuthenticated.
    :param stages: the followed stages; whoever has the live feed calls ``stages.on_batch``.
    :param media_host: the IPv4 address in our candidates, not a name.
    :param connections: is told of each session: whoever has one counts as connected.
    :param bind: where HTTP and the level stream listen; both are meant for the web processes.
    """

    def __init__(
        self,
        *,
        identify: Identify,
        stages: Stages,
        ports: Ports = Ports(),
        media_host: str = "127.0.0.1",
        bind: str = "127.0.0.1",
        level_secret: str = "",
        offers_per_minute: int = OFFERS_PER_MINUTE,
        hls_per_minute: int = HLS_PER_MINUTE,
        hls: HlsRules = DEFAULTS,
        connections: Connections | None = None,
    ) -> None:
        self.stages = stages
        self.ports = ports
        self.levels = LevelStream(level_secret)
        self._identify = identify
        self._media_host = media_host
        self._bind = bind
        self._offers = MinuteAllowance(offers_per_minute)
        self._hls_requests = MinuteAllowance(hls_per_minute, TooManyRequests)
        self._hls = hls
        self._connections = connections
        self._chores: list[asyncio.Task[None]] = []

    async def start(self) -> Ports:
        """Listen; return the ports, which are also in ``ports`` from now on."""
        self.stages.start()
        local = ipaddress.ip_address(self._media_host).is_loopback
        self.mux = UdpMux(
            self._media_host if local else "0.0.0.0",  # noqa: S104 - peers come from anywhere
            self.ports.udp,
            announced_host=self._media_host,
        )
        self.rooms = RoomsHere(self.mux, self.stages, self.levels.tell, self._hls)
        self._rights = Rights(self.stages, self.rooms)
        self.sessions = Sessions(self.mux, self.stages, self.rooms, self._rights, self._connections)
        self.mux.start()
        signals = await self.levels.start(self._bind, self.ports.signals)
        http = await self._serve()
        self._chores = [
            asyncio.ensure_future(self._sweep()),
            asyncio.ensure_future(self._watch_the_log()),
            asyncio.ensure_future(self._report()),
        ]
        self.ports = Ports(http=http, udp=self.mux.port, signals=signals)
        return self.ports

    async def stop(self) -> None:
        """End all sessions and close every socket, within three seconds."""
        for chore in self._chores:
            chore.cancel()
        await self.sessions.stop()
        self.levels.close()
        await self._runner.cleanup()
        self.mux.close()

    async def _serve(self) -> int:
        signalling = Signalling(self.sessions, self._identify, self._offers)
        application = signalling.application()
        HlsDelivery(
            self.rooms, self._rights, self._identify, self._hls_requests, self._connections
        ).add_to(application)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._bind, self.ports.http).start()
        port: int = self._runner.addresses[0][1]
        return port

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            self.sessions.sweep()
            now = time.monotonic()
            self.rooms.sweep(now)
            self._offers.sweep(now)
            self._hls_requests.sweep(now)

    async def _watch_the_log(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            late = self.stages.doubts.is_log_late()
            await asyncio.sleep(0)  # what the feed handed on before it looked is applied first
            if self.stages.doubts.note_late(late):
                self.rooms.set_gates()

    async def _report(self) -> None:
        while True:
            await self.rooms.report(REPORT_EVERY_S)


def calm_garbage_collection() -> None:
    """Keep what is loaded out of collections, and never collect the oldest generation by itself.

    A full collection over everything that is loaded would stop the ticks for several intervals.
    Sessions break their own cycles when they are closed, so what it would find is little.
    """
    gc.collect()
    gc.freeze()
    youngest, middle, _ = gc.get_threshold()
    gc.set_threshold(youngest, middle, _NEVER)
