"""Independent WebRTC clients (aiortc) against the whole product, on a thread of their own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import uuid4

import aioice.ice

from tests.media.peers import Peer

Found = TypeVar("Found")


class Voice(Peer):
    """A peer that talks to the product's one address with a real token."""

    def __init__(self, base_url: str, room: str, token: str) -> None:
        nowhere = SimpleNamespace(ports=SimpleNamespace(http=0))
        super().__init__(nowhere, uuid4(), uuid4())
        self._base = base_url
        self._room = room
        self.headers = {"Authorization": f"Bearer {token}"}


class Voices:
    """Runs coroutines on an event loop beside the test, which Playwright keeps busy."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, Found], within_s: float = 30) -> Found:
        """Wait for a coroutine's result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)

    def stop(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@contextmanager
def voices() -> Iterator[Voices]:
    """Voices for the length of a block; they gather the loopback, which aioice leaves out."""
    normal = aioice.ice.get_host_addresses
    aioice.ice.get_host_addresses = lambda **_: ["127.0.0.1"]
    started = Voices()
    try:
        yield started
    finally:
        started.stop()
        aioice.ice.get_host_addresses = normal
