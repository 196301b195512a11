"""The rooms that have sessions on this node, or are listened to by HLS."""

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from media.domain.hls import DEFAULTS, HlsRules
from media.hls.packager import HlsPackager
from media.room import Levels, MediaRoom
from media.session import WebRtcSession
from media.stages import Stages
from media.ticking import TickSchedule
from media.transport.mux import UdpMux


class RoomsHere:
    """A room is loaded with its first session and forgotten with its last.

    Whoever listens by HLS has no session: the room stays until nobody has asked for a while.
    """

    def __init__(
        self,
        mux: UdpMux,
        stages: Stages,
        on_levels: Callable[[UUID, Levels], None],
        hls: HlsRules = DEFAULTS,
    ) -> None:
        self._mux = mux
        self._stages = stages
        self._on_levels = on_levels
        self._hls = hls
        self._ticks = TickSchedule()
        self._rooms: dict[UUID, MediaRoom] = {}

    def __iter__(self) -> Iterator[MediaRoom]:
        return iter(self._rooms.values())

    def get(self, room_id: UUID) -> MediaRoom | None:
        """Return a room that has sessions here."""
        return self._rooms.get(room_id)

    def enter(self, session: WebRtcSession) -> MediaRoom:
        """Put a session into its room."""
        room = self._load(session.room_id)
        room.sessions[session.session_id] = session
        return room

    def package(self, room_id: UUID) -> HlsPackager:
        """Return what cuts a room's sound into segments, from now on if it did not yet."""
        room = self._load(room_id)
        if room.packager is None:
            room.packager = HlsPackager(self._hls)
        return room.packager

    def leave(self, session: WebRtcSession) -> None:
        """Take a session out of its room."""
        room = self._rooms.get(session.room_id)
        if room is not None and room.sessions.pop(session.session_id, None) is not None:
            room.dismiss(session)
            self.leave_if_empty(session.room_id)

    def leave_if_empty(self, room_id: UUID) -> None:
        """Forget a room that nobody is connected to."""
        room = self._rooms.get(room_id)
        if room is None or not (room.sessions or room.packager):
            self._rooms.pop(room_id, None)
            self._ticks.remove(room_id)
            self._stages.forget(room_id)

    def sweep(self, now: float) -> None:
        """Cut no more for rooms that nobody has asked for lately.

        :param now: time.monotonic().
        """
        for room in list(self._rooms.values()):
            if room.packager is not None and now - room.packager.asked_at > self._hls.idle_s:
                room.packager = None
                self.leave_if_empty(room.room_id)

    def set_gates(self) -> None:
        """Open and shut every gate of the node as it has to be now."""
        for room in self._rooms.values():
            room.set_gates()

    async def report(self, within_s: float) -> None:
        """Let every room send its RTCP reports, one after the other within this time."""
        rooms = list(self._rooms.values())
        for room in rooms:
            room.report(time.time())
            await asyncio.sleep(within_s / len(rooms))
        if not rooms:
            await asyncio.sleep(within_s)

    def _load(self, room_id: UUID) -> MediaRoom:
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = MediaRoom(
                room_id,
                self._mux,
                is_heard=partial(self._stages.is_heard, room_id),
                on_levels=self._on_levels,
            )
            self._ticks.add(room_id, room.tick)
        return room
