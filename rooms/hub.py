"""The hub: this process's open rooms and their sockets, fed from the log."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from uuid import UUID

from django.db import close_old_connections

from accounts import queries as accounts
from accounts.events import Blocked, Unfollowed
from rooms import queries
from rooms.announcements import announce
from rooms.channel import RoomChannel, Told
from rooms.domain.events import HostHandedOver
from rooms.domain.stage import Stage
from rooms.doors import NOT_FOR_YOU, blocked_by, who_asks_again, whom_it_shuts_out
from rooms.elsewhere import OnePlace
from rooms.familiar import Familiar
from rooms.levels import follow_levels
from rooms.presence import sockets as presence
from rooms.reactions.collecting import CHANNEL as REACTIONS
from rooms.reactions.telling import ReactionTeller
from rooms.warnings import new_speakers, warn_of
from spaces_project.kernel.clock import now
from spaces_project.kernel.live_feed import LiveFeed
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.signals import Hear, exchange, subscribe
from spaces_project.kernel.sockets.care import CHECK_S, look_after, watch_tokens
from spaces_project.kernel.sockets.close_codes import FORBIDDEN, NOT_FOUND, RESTART
from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.frames import text_frame

log = logging.getLogger(__name__)

THREADS: Final = 4
TICK_S: Final = 0.25


class RoomHub:
    """Opens rooms when the first socket comes, closes them when the last one goes."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sockets")
        self.channels: dict[UUID, RoomChannel] = {}
        self._opening: dict[UUID, asyncio.Future[RoomChannel]] = {}
        self._waiting: dict[UUID, list[Told]] = {}
        self._familiar = Familiar()
        self.feed = LiveFeed(self._on_batch)
        self.feed.start()
        self._tasks: set[asyncio.Future[None]] = {
            self._loop.create_task(self._check_regularly()),
            self._loop.create_task(watch_tokens(self.channels)),
            self._loop.create_task(follow_levels(self.send_levels)),
            self._loop.create_task(self._tick()),
        }
        presence.come_back_when_lost(self._loop)
        self._one_place = OnePlace(self.channels, exchange(), self._loop)
        self._reactions = ReactionTeller(self._send_ephemeral)
        subscribe(REACTIONS, self._on_loop(self._reactions.hear))

    def _on_loop(self, hear: Hear) -> Hear:
        """Return what hands a signal over to the event loop."""

        def hand_over(message: dict[str, Any]) -> None:
            self._loop.call_soon_threadsafe(hear, message)

        return hand_over

    async def in_thread(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        """Run blocking work in the pool of this process's sockets."""

        def run() -> Any:
            close_old_connections()
            return work(*args, **kwargs)

        return await self._loop.run_in_executor(self._pool, run)

    async def open(self, room_id: UUID) -> RoomChannel:
        """Return the channel of a room, folded up to now; :meth:`leave` gives it back.

        :raises RoomNotFound: if there is no such room.
        """
        while (channel := self.channels.get(room_id)) is None:
            if room_id not in self._opening:
                self._waiting[room_id] = []  # from here on the feed keeps what comes
                self._opening[room_id] = asyncio.ensure_future(self._open(room_id))
            await asyncio.shield(self._opening[room_id])
        channel.guests += 1
        return channel

    async def _open(self, room_id: UUID) -> RoomChannel:
        try:
            stage = await self.in_thread(self._stage_now, room_id)
            channel = RoomChannel(stage)
            channel.take(self._waiting[room_id])
            self.channels[room_id] = channel
            return channel
        finally:
            del self._waiting[room_id]
            del self._opening[room_id]

    def _stage_now(self, room_id: UUID) -> Stage:
        self.feed.begin()  # before the log is read, so that nothing falls in between
        return queries.stage_now(room_id)

    def watch(self, channel: RoomChannel, connection: SocketConnection) -> None:
        """Look after a connection from now on, though nothing is sent to it before it joins."""
        channel.add(connection)

    async def is_blocked(self, host_id: UUID, account_id: UUID) -> bool:
        """Tell whether a room's host has blocked somebody."""
        return bool(await self.in_thread(accounts.has_blocked, host_id, account_id))

    async def admits(self, stage: Stage, account_id: UUID) -> bool:
        """Tell whether somebody may look into a room: inside already, or let in by its policy."""
        if stage.admits(account_id, follows_host=False, at=now()):
            return True
        if not stage.admits(account_id, follows_host=True, at=now()):
            return False
        return bool(await self.in_thread(accounts.follows_now, account_id, stage.host_id))

    def join(self, channel: RoomChannel, connection: SocketConnection) -> None:
        """Let a connection that is on the ring follow the room, if it still may."""
        connection.channel = channel
        channel.add(connection)
        connection.live = True
        channel.pump(connection)
        self._one_place.came(channel, connection)
        if self.channels.get(channel.stage.room_id) is not channel:
            connection.close(RESTART, "resume, please")
        channel.end_rights(connection)
        presence.follows(channel, connection)
        if not channel.is_told_rightly(connection):  # it became a crowd, or calm, meanwhile
            channel.begin_anew(connection)

    def leave(self, channel: RoomChannel, connection: SocketConnection | None) -> None:
        """Forget a guest and its connection, if it came that far; and the room after the last."""
        if connection is not None:
            channel.discard(connection)
            connection.channel = None
            presence.gone(connection)
        channel.guests -= 1
        if not channel.guests and self.channels.get(channel.stage.room_id) is channel:
            del self.channels[channel.stage.room_id]

    def send_levels(self, room_id: UUID, levels: dict[str, int]) -> None:
        """Tell a room's sockets who speaks how loud (dBov)."""
        if room_id in self.channels:
            self._send_ephemeral(room_id, text_frame({"type": "levels", "levels": levels}))

    def _send_ephemeral(self, room_id: UUID, frame: bytes) -> None:
        if channel := self.channels.get(room_id):
            channel.send_ephemeral(frame)

    def _on_batch(self, batch: Sequence[Recorded]) -> None:
        """Take a batch from the feed's thread: words are made once, here."""
        self._familiar.hear(batch)
        concerned = [recorded for recorded in batch if self._is_open(recorded.room_id)]
        if concerned:
            self._loop.call_soon_threadsafe(self._publish, self._told(concerned))
        for recorded in batch:
            if isinstance(recorded.event, (Blocked, Unfollowed)):
                self._loop.call_soon_threadsafe(self._shut_out, recorded.event)

    def _is_open(self, room_id: UUID | None) -> bool:
        """Tell, on the feed's thread, whether a room is open or being opened.

        In this order: a room that has just been opened is among the channels before it ceases to
        be among those that are being opened.
        """
        return room_id in self._waiting or room_id in self.channels

    def _told(self, batch: list[Recorded]) -> list[Told]:
        """Return what is told of events; one of which nothing can be told stops its room only."""
        worth = [recorded for recorded in batch if self._needs_words(recorded)]
        names, told = self._familiar.named(worth), list[Told]()
        spoken = {recorded.position for recorded in worth}
        for recorded in batch:
            try:
                words = announce(recorded, names) if recorded.position in spoken else None
                told.append((recorded, words))
            except Exception:
                log.exception("the event at %d cannot be told", recorded.position)
                self._loop.call_soon_threadsafe(self._start_again, recorded.room_id)
        return told

    def _needs_words(self, recorded: Recorded) -> bool:
        """Tell, on the feed's thread, whether anybody may see more of an event than its number."""
        channel = self.channels.get(recorded.room_id) if recorded.room_id else None
        return channel is None or channel.needs_words(recorded.event)

    def _shut_out(self, happened: Blocked | Unfollowed) -> None:
        """Close the sockets for which a host's door has just been shut, inside or only looking."""
        for channel, connections in whom_it_shuts_out(happened, self.channels.values()):
            if isinstance(happened, Unfollowed):  # who is inside stays, and so does who is invited
                self._tasks.add(asyncio.ensure_future(self._look_again(channel, connections)))
                continue
            for connection in connections:
                connection.close(NOT_FOUND, "no such room")

    def _publish(self, told: list[Told]) -> None:
        by_room: dict[UUID, list[Told]] = {}
        for recorded, words in told:
            if recorded.room_id is not None:
                by_room.setdefault(recorded.room_id, []).append((recorded, words))
        for room_id, of_room in by_room.items():
            if room_id in self._waiting:
                self._waiting[room_id] += of_room
            elif channel := self.channels.get(room_id):
                try:
                    channel.take(of_room)
                    news = [recorded.event for recorded, _ in of_room]
                    presence.came_in(channel, news)
                    if asking := who_asks_again(news, channel.connections):
                        self._tasks.add(asyncio.ensure_future(self._look_again(channel, asking)))
                    for speaker_id in new_speakers(news):
                        warning = warn_of(speaker_id, channel, self.in_thread)
                        self._tasks.add(asyncio.ensure_future(warning))
                    if any(isinstance(happened, HostHandedOver) for happened in news):
                        self._tasks.add(asyncio.ensure_future(self._heed_new_host(channel)))
                except Exception:
                    log.exception("the sockets of room %s start again", room_id)
                    self._start_again(room_id)

    def _start_again(self, room_id: UUID | None) -> None:
        """Give a room's channel up: its sockets come back and resume from the log."""
        if room_id is None or (channel := self.channels.pop(room_id, None)) is None:
            return
        for connection in list(channel.connections):
            connection.close(RESTART, "resume, please")

    async def _look_again(
        self, channel: RoomChannel, connections: Iterable[SocketConnection]
    ) -> None:
        """Close the sockets of those who are not let in any more."""
        try:
            for connection in list(connections):
                if not await self.admits(channel.stage, connection.account_id):
                    connection.close(FORBIDDEN, NOT_FOR_YOU[channel.stage.audience_policy])
        except Exception:
            log.exception("nobody knows who may stay; all are asked at the door again")
            self._start_again(channel.stage.room_id)

    async def _tick(self) -> None:
        """Send what is gathered and not sent one by one."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                now = time.monotonic()
                self._reactions.tell(now)
                for channel in list(self.channels.values()):
                    channel.tick(now)
            except Exception:
                log.exception("what was gathered could not be told")

    async def _heed_new_host(self, channel: RoomChannel) -> None:
        """Close the sockets of those whom a room's new host has blocked."""
        try:
            host_id = channel.stage.host_id
            blocked = await self.in_thread(blocked_by, host_id)
            for connection in list(channel.connections):
                if connection.account_id in blocked:
                    connection.close(NOT_FOUND, "no such room")
        except Exception:
            log.exception("nobody knows whom the new host has blocked; all are asked again")
            self._start_again(channel.stage.room_id)

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            self._tasks = {task for task in self._tasks if not task.done()}
            try:
                self._check(time.monotonic(), time.time())
            except Exception:
                log.exception("the sockets could not be checked")

    def _check(self, now: float, wall: float) -> None:
        for channel in list(self.channels.values()):
            if not channel.guests:  # whoever opened it was gone before it was open
                del self.channels[channel.stage.room_id]
            look_after(channel.connections, now, wall)


_hub: list[RoomHub] = []


def room_hub() -> RoomHub:
    """Return this process's hub; the first call, on the event loop, starts it."""
    if not _hub:
        _hub.append(RoomHub())
    return _hub[0]
