"""Speaking levels to the web processes: lines of JSON over TCP."""

import asyncio
import hmac
import logging
from typing import Final
from uuid import UUID

import msgspec
import orjson

from media.room import Levels
from spaces_project.kernel.ids import public

log = logging.getLogger(__name__)

GREETING_S: Final = 5.0
GREETING_BYTES: Final = 1024
MOST_WAITING_BYTES: Final = 64 * 1024  # a reader that is further behind misses levels


class Greeting(msgspec.Struct):
    """The reader's first line."""

    secret: str


class LevelStream:
    """A TCP server; every reader that knows the secret gets every room's levels."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._readers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._greet, host, port, limit=GREETING_BYTES)
        address: tuple[str, int] = self._server.sockets[0].getsockname()
        return address[1]

    def close(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for writer in self._readers:
            writer.close()

    def tell(self, room_id: UUID, levels: Levels) -> None:
        """Send one line: ``{"room": "room_…", "levels": {"acc_…": -23}}``, in dBov."""
        if not self._readers:
            return
        named = {public("acc", account_id): level for account_id, level in levels.items()}
        line = orjson.dumps({"room": public("room", room_id), "levels": named}) + b"\n"
        for writer in self._readers:
            if writer.transport.get_write_buffer_size() < MOST_WAITING_BYTES:
                writer.write(line)

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(GREETING_S):
                line = await reader.readline()
            greeting = msgspec.json.decode(line, type=Greeting)
            if not hmac.compare_digest(greeting.secret.encode(), self._secret.encode()):
                log.warning("somebody without the secret asked for levels")
                return
            self._readers.add(writer)
            while await reader.read(GREETING_BYTES):
                pass  # a reader has nothing more to say
        except (TimeoutError, ValueError, OSError):
            return
        finally:
            self._readers.discard(writer)
            writer.close()
