"""Speaking levels from the media node to this process's sockets: never kept, never counted."""

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

import orjson
from django.conf import settings

from spaces_project.kernel.ids import parse
from spaces_project.kernel.keys.store import read_secret

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_LINE: Final = 64 * 1024


async def follow_levels(tell: Callable[[UUID, dict[str, int]], None]) -> None:
    """Read the node's level stream for ever; a lost connection is made again."""
    host, _, port = settings.MEDIA_SIGNALS.rpartition(":")
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, int(port), limit=LONGEST_LINE)
            try:
                writer.write(orjson.dumps({"secret": stream_secret()}) + b"\n")
                await _read(reader, tell)
            finally:
                writer.close()
        except (OSError, ValueError) as error:
            log.debug("level stream: %s", error)
        await asyncio.sleep(PAUSE_S)


async def _read(reader: asyncio.StreamReader, tell: Callable[[UUID, dict[str, int]], None]) -> None:
    while line := await reader.readline():
        found = orjson.loads(line)
        tell(parse("room", found["room"]), found["levels"])


def stream_secret() -> str:
    """Return what a web process shows to the media node."""
    mac = hmac.digest(read_secret("token.key"), b"levels", hashlib.sha256)
    return base64.b64encode(mac).decode()
