"""What a client has said and nobody has read yet: bounded, so that saying much costs little."""

import asyncio
from collections import deque
from typing import Any, Final

MOST: Final = 64  # items; more than a client may say at once
MOST_BYTES: Final = 128 * 1024  # two messages of the largest size


class Inbox:
    """The messages of one socket in order, for one reader; None is the end."""

    __slots__ = ("_bytes", "_closed", "_items", "_reader")

    def __init__(self) -> None:
        self._items: deque[tuple[Any, int]] = deque()
        self._bytes = 0
        self._closed = False
        self._reader: asyncio.Future[None] | None = None

    def put(self, item: Any, size: int = 0) -> bool:
        """Keep an item of so many bytes; False if there is no room for it."""
        if self._closed:
            return True  # nobody is there to miss it
        if len(self._items) >= MOST or self._bytes + size > MOST_BYTES:
            return False
        self._items.append((item, size))
        self._bytes += size
        self._wake()
        return True

    def close(self) -> None:
        """Forget everything and end: nobody is there any more."""
        self._closed = True
        self._items.clear()
        self._bytes = 0
        self._wake()

    async def get(self) -> Any:
        """Return the next item as soon as there is one; None at the end."""
        while not self._items and not self._closed:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if self._closed:
            return None
        item, size = self._items.popleft()
        self._bytes -= size
        return item

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
