"""The tray's hub: this process's viewers of trays, fed from the log.

An event leads to the viewers whom it may concern. Their trays and inboxes are read anew, many in
one query, and sent to those for whom they say something new.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from rooms.discovery.inbox import READ as INBOX_READ
from rooms.hub import RoomHub, room_hub
from rooms.tray import reading
from rooms.tray.concern import Concern, concern_of
from rooms.tray.viewers import TrayViewer, Viewers
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.signals import subscribe
from spaces_project.kernel.sockets.care import CHECK_S, look_after, watch_tokens
from spaces_project.kernel.sockets.connection import SocketConnection

log = logging.getLogger(__name__)

GATHER_S: Final = 0.05  # what follows an event at once is read with it
AT_ONCE: Final = 200  # viewers in one query
COUNTS_S: Final = 2.0
AGAIN_S: Final = 1.0
TRAY: Final = "tray"
INBOX: Final = "inbox"


class TrayHub:
    """Knows who looks, whom they follow, and tells them what has changed."""

    def __init__(self, rooms: RoomHub) -> None:
        self._rooms = rooms
        self._loop = asyncio.get_running_loop()
        self.viewers = Viewers()
        self._waiting = Concern()
        self._wakes = asyncio.Event()
        rooms.feed.also_tell(self._on_batch)
        subscribe(INBOX_READ, self._on_read)
        self._tasks = {
            self._loop.create_task(self._tell()),
            self._loop.create_task(self._tell_counts()),
            self._loop.create_task(self._check_regularly()),
            self._loop.create_task(watch_tokens(self.viewers.by_id)),
        }

    async def enter(self, connection: SocketConnection) -> None:
        """Let a connection follow its owner's tray and inbox, beginning with both as they are.

        :raises ProjectionBehind: if the tables do not come as far as the log in two seconds.
        """
        me = connection.account_id
        viewer = self.viewers.by_id.get(me) or self.viewers.add(me)
        viewer.connections.add(connection)
        if viewer.loading is None:
            viewer.loading = asyncio.ensure_future(self._load(viewer))
        await asyncio.shield(viewer.loading)
        connection.channel = viewer
        viewer.pump(connection)

    def leave(self, connection: SocketConnection) -> None:
        """Forget a connection, and its owner after the last."""
        viewer = self.viewers.by_id.get(connection.account_id)
        if viewer is not None:
            viewer.connections.discard(connection)
            if not viewer.connections:
                self.viewers.remove(viewer)
        connection.channel = None

    async def _load(self, viewer: TrayViewer) -> None:
        """Look up whom somebody follows; events from now on are kept until that is known."""
        await self._rooms.in_thread(self._rooms.feed.begin)  # from here on we are told
        position = self._rooms.feed.position
        followees = await self._rooms.in_thread(reading.followees_at, viewer.account_id, position)
        if self.viewers.by_id.get(viewer.account_id) is viewer:
            self.viewers.loaded(viewer, followees)
            await self._show([viewer])

    def _on_batch(self, batch: Sequence[Recorded]) -> None:
        """Take a batch from the feed's thread; most of it concerns nobody here."""
        try:
            found = concern_of(batch)
        except Exception:  # the feed must go on: it serves the rooms too
            log.exception("nobody knows whom events concern; all trays are read anew")
            found = Concern(batch[-1].position, set(self.viewers.by_id))
        found.viewers = {who for who in found.viewers if who in self.viewers.by_id}
        found.counted = {room for room in found.counted if self.viewers.is_shown(room)}
        if self.viewers.by_id and (found or found.follows):
            self._loop.call_soon_threadsafe(self._take, found)

    def _on_read(self, message: dict[str, Any]) -> None:
        """Take from any thread that somebody has read the inbox, by a request to any process."""
        read = Concern(viewers={UUID(message["account_id"])})
        self._loop.call_soon_threadsafe(self._take, read)

    def _take(self, concern: Concern) -> None:
        for change in concern.follows:
            self.viewers.changed(change)
        self._waiting.add(concern)
        if concern.viewers or concern.people or concern.rooms:
            self._wakes.set()

    async def _tell(self) -> None:
        while True:
            await self._wakes.wait()
            await asyncio.sleep(GATHER_S)
            self._wakes.clear()
            concern, counted = self._waiting, self._waiting.counted
            self._waiting = Concern(counted=counted)
            try:
                await self._tell_of(concern)
            except Exception:
                log.exception("the trays could not be read; once more in a second")
                self._waiting.add(concern)
                self._loop.call_later(AGAIN_S, self._wakes.set)

    async def _tell_of(self, concern: Concern) -> None:
        """Read anew what may have changed, and tell those for whom it has."""
        on_stage = await self._rooms.in_thread(
            reading.people_on_stage, concern.rooms, concern.position
        )
        found = self.viewers.following(concern.people | on_stage)
        found |= self.viewers.shown(concern.rooms)
        found |= {v for who in concern.viewers if (v := self.viewers.by_id.get(who))}
        concerned = list(found)
        for first in range(0, len(concerned), AT_ONCE):
            await self._show(concerned[first : first + AT_ONCE])

    async def _show(self, viewers: Sequence[TrayViewer]) -> None:
        shown = await self._rooms.in_thread(
            reading.shown_to, [viewer.account_id for viewer in viewers]
        )
        for viewer in viewers:
            if self.viewers.by_id.get(viewer.account_id) is viewer:
                found = shown[viewer.account_id]
                self.viewers.shows(viewer, found.rooms)
                viewer.show(TRAY, found.tray)
                viewer.show(INBOX, found.inbox)

    async def _tell_counts(self) -> None:
        """Tell now and then how many are in rooms that are shown; a slow reader misses it."""
        while True:
            await asyncio.sleep(COUNTS_S)
            rooms, self._waiting.counted = self._waiting.counted, set()
            try:
                counts = await self._rooms.in_thread(reading.counts_of, rooms) if rooms else {}
            except Exception:
                log.exception("how many are inside could not be read")
                continue
            for viewer in self.viewers.shown(counts):
                frame = reading.counts_frame(
                    {room: count for room, count in counts.items() if room in viewer.rooms}
                )
                for connection in viewer.connections:
                    connection.offer(frame)

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                look_after(self.viewers.connections(), time.monotonic(), time.time())
            except Exception:
                log.exception("the sockets could not be checked")


_hub: list[TrayHub] = []


def tray_hub() -> TrayHub:
    """Return this process's hub; the first call, on the event loop, starts it."""
    if not _hub:
        _hub.append(TrayHub(room_hub()))
    return _hub[0]
