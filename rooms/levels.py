"""Speaking levels from the media node to this process's sockets: never kept, never counted."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

import orjson
from django.conf import settings

from spaces_project.kernel.authentication import LEVELS, shared_secret
from spaces_project.kernel.ids import parse

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 5.0  # while there is no node
LONGEST_LINE: Final = 64 * 1024


async def follow_levels(tell: Callable[[UUID, dict[str, int]], None]) -> None:
    """Read the node's level stream for ever; a lost connection is made again."""
    host, _, port = settings.MEDIA_SIGNALS.rpartition(":")
    pause_s = PAUSE_S
    while True:
        began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection(host, int(port), limit=LONGEST_LINE)
            try:
                writer.write(orjson.dumps({"secret": shared_secret(LEVELS)}) + b"\n")
                await _read(reader, tell)
            finally:
                writer.close()
        except (OSError, ValueError) as error:
            log.debug("level stream: %s", error)
        if time.monotonic() - began > LONGEST_PAUSE_S:
            pause_s = PAUSE_S
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def _read(reader: asyncio.StreamReader, tell: Callable[[UUID, dict[str, int]], None]) -> None:
    while line := await reader.readline():
        found = orjson.loads(line)
        tell(parse("room", found["room"]), found["levels"])
