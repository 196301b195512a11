"""``python manage.py media``: run one media node."""

import asyncio
import logging
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from media.node import MediaNode, Ports, calm_garbage_collection
from media.stages import Stages
from rooms.commands import connections
from rooms.queries import stage_now
from spaces_project.kernel.authentication import (
    LEVELS,
    Identity,
    identified,
    shared_secret,
    watch_credentials,
)
from spaces_project.kernel.live_feed import LiveFeed
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.scopes import must_be_granted

log = logging.getLogger("media")


class Command(BaseCommand):
    """Run a media node until SIGTERM."""

    help = "Runs a media node: WHIP, WHEP, HLS, mixing and speaking levels."
    requires_system_checks = ()  # web makes them; here they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to listen."""
        parser.add_argument("--http-port", type=int, default=8001, help="signalling, for web")
        parser.add_argument("--udp-port", type=int, default=8001, help="sound, for everybody")
        parser.add_argument("--signal-port", type=int, default=8002, help="levels, for web")
        parser.add_argument("--bind", default="127.0.0.1", help="address of the TCP ports")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run."""
        ports = Ports(options["http_port"], options["udp_port"], options["signal_port"])
        asyncio.run(run(ports, options["bind"]))


async def run(ports: Ports, bind: str) -> None:
    """Run a node that follows the log until SIGTERM or SIGINT."""
    stages = Stages(stage_now)
    offers, hls = settings.LIMITS.get("offers"), settings.LIMITS.get("hls")
    node = MediaNode(
        identify=identify,
        stages=stages,
        ports=ports,
        media_host=settings.MEDIA_HOST,
        bind=bind,
        level_secret=shared_secret(LEVELS),
        connections=connections(),
        offers_per_minute=offers.amount if offers else sys.maxsize,
        hls_per_minute=hls.amount if hls else sys.maxsize,
        hls=settings.HLS_RULES,
    )
    watch_credentials()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Before the first stage is loaded, so that nothing falls between the load and the feed.
    feed = LiveFeed(stages.on_batch, after=await asyncio.to_thread(event_log().head))
    stages.doubts.looked_at = lambda: feed.looked_at
    stages.catch_up = lambda: feed.catch_up_to(event_log().head())
    await node.start()
    feed.start()
    calm_garbage_collection()
    log.info("media on http %d, udp %d, levels %d", ports.http, ports.udp, ports.signals)
    await stop.wait()
    feed.stop()
    await node.stop()


async def identify(token: str, on_behalf_of: str) -> Identity:
    """Return whom a token or a key speaks for; a key needs the scope for sound."""
    identity = await identified(token, on_behalf_of)
    must_be_granted(identity, "media")
    return identity
