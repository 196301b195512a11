"""The line to the other processes: one subscription, one message a tick, whatever is said."""

import asyncio
import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import redis.asyncio
from redis.exceptions import RedisError

from spaces_project.kernel.redis import listening_client
from spaces_project.kernel.signals.sealing import channel, seal, unseal

log = logging.getLogger(__name__)

TICK_S: Final = 0.05  # what is said within it goes as one message
MOST_WAITING: Final = 1024  # signals; the oldest are forgotten first
PAUSE_S: Final = 0.5  # before Redis is tried again
POLL_S: Final = 1.0
BROKEN: Final = (RedisError, OSError, asyncio.TimeoutError)

Said = tuple[str, dict[str, Any]]


class Line(threading.Thread):
    """Says and hears over Redis, on a thread and an event loop of its own.

    A Redis that is dead, slow or restarted costs what was said meanwhile, and nothing else: whoever
    says something only appends to a bounded queue, and the line comes back by itself.

    :param hear: called on this thread with what another process said.
    :param on_return: called on this thread when the subscription stands (again).
    """

    def __init__(
        self, url: str, hear: Callable[[str, dict[str, Any]], None], on_return: Callable[[], None]
    ) -> None:
        super().__init__(name="signals", daemon=True)
        self._url = url
        self._hear = hear
        self._on_return = on_return
        self._me = uuid.uuid4().hex
        self._waiting: deque[Said] = deque(maxlen=MOST_WAITING)
        self._loop = asyncio.new_event_loop()
        self._something = asyncio.Event()
        self._told = False
        self._stopped = False
        self.is_up = False

    def say(self, name: str, message: dict[str, Any]) -> None:
        """Let all other processes hear something, unless the line is down; from any thread."""
        if not self.is_up or self._stopped:
            return
        self._waiting.append((name, message))
        if not self._told:  # one wake-up is enough for all signals of a tick
            self._told = True
            self._loop.call_soon_threadsafe(self._something.set)

    def stop(self) -> None:
        """End the thread."""
        if not self._stopped:
            self._stopped = True
            self._loop.call_soon_threadsafe(self._loop.stop)
            self.join()

    def run(self) -> None:
        """Keep the line up until stopped."""
        asyncio.set_event_loop(self._loop)
        tasks = [self._loop.create_task(self._keep_listening())]
        tasks.append(self._loop.create_task(self._keep_saying()))
        self._loop.run_forever()
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _keep_listening(self) -> None:
        while True:
            client = listening_client(self._url)
            try:
                await self._listen(client)
            except BROKEN as error:
                self._note(error)
            except Exception:
                log.exception("the line for signals broke")
            self.is_up = False
            self._waiting.clear()
            await _let_go(client)
            await asyncio.sleep(PAUSE_S)

    async def _listen(self, client: "redis.asyncio.Redis") -> None:
        async with client.pubsub() as subscription:
            await subscription.subscribe(channel())
            while True:
                found = await subscription.get_message(timeout=POLL_S)
                if found is None:
                    continue
                if found["type"] == "subscribe":
                    self.is_up = True
                    self._on_return()
                elif found["type"] == "message":
                    self._heard(found["data"])

    def _heard(self, sealed: bytes) -> None:
        said = unseal(sealed)
        if said is None:
            log.warning("something that no process of ours said came over Redis")
        elif said[0] != self._me:
            for name, message in said[1]:
                self._hear(name, message)

    async def _keep_saying(self) -> None:
        client = listening_client(self._url)
        try:
            while True:
                await self._something.wait()
                await asyncio.sleep(TICK_S)
                self._something.clear()
                self._told = False  # first: who speaks from here on wakes again
                said = [self._waiting.popleft() for _ in range(len(self._waiting))]
                try:
                    if said:
                        await client.publish(channel(), seal([self._me, said]))
                except BROKEN as error:
                    self._note(error)
                    await asyncio.sleep(PAUSE_S)
        finally:
            await _let_go(client)

    def _note(self, error: BaseException) -> None:
        if self.is_up:
            log.warning("Redis is away, and signals with it: %s", type(error).__name__)
        self.is_up = False


async def _let_go(client: "redis.asyncio.Redis") -> None:
    try:
        await client.aclose()
    except BROKEN as error:
        log.debug("a connection to Redis ended: %s", type(error).__name__)
