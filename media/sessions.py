"""All sessions of a node: who opened them, and when they end."""

import asyncio
import logging
import time
from collections.abc import Coroutine, Hashable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from media.domain.errors import NodeIsStopping, NoSuchSession
from media.domain.limits import SESSION_EXPIRES_S
from media.rights import Rights, is_allowed
from media.rooms_here import RoomsHere
from media.sdp.offer import Kind, read_offer
from media.session import WebRtcSession
from media.stages import FollowedStage, Stages
from media.transport.adapter import Certificates
from media.transport.mux import UdpMux
from spaces_project.kernel import clock
from spaces_project.kernel.revocations import revocations

log = logging.getLogger(__name__)


class Connections(Protocol):
    """Where it is said who is connected to which room; answers at once."""

    def connected(self, who: Hashable, room_id: UUID, account_id: UUID) -> object: ...  # noqa: D102
    def renewed(self, room_id: UUID, account_id: UUID) -> None: ...  # noqa: D102
    def disconnected(self, who: Hashable) -> None: ...  # noqa: D102


class Sessions:
    """Opens, restarts and ends sessions; ends those that the log takes the right to.

    * One session for a person, a room and a kind: the newest wins.
    * Somebody else's session is not there.
    * What the log says is applied as soon as it is seen, not when the client agrees.
    * A session lives no longer than the token that opened it.

    :param connections: told of each session, which counts as its owner's connection to the room.
    """

    def __init__(
        self,
        mux: UdpMux,
        stages: Stages,
        rooms: RoomsHere,
        rights: Rights,
        connections: Connections | None = None,
    ) -> None:
        self._mux = mux
        self._connections = connections
        self._rooms = rooms
        self._rights = rights
        self._certificates = Certificates()
        self._sessions: dict[UUID, WebRtcSession] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._stopping = False
        stages.on_change = self.stage_changed

    def __len__(self) -> int:
        return len(self._sessions)

    async def open(
        self,
        *,
        room_id: UUID,
        account_id: UUID,
        expires_at: datetime,
        kind: Kind,
        body: bytes,
        credential: UUID | None = None,
    ) -> tuple[WebRtcSession, str]:
        """Answer an offer; return the session and the answer.

        :param expires_at: when the person's token ends.
        :param credential: what ends the session if it is revoked.
        :raises SeatNeeded, MayNotListen, NoSoundYet: if the log does not allow it.
        :raises Refusal: that there is no such room, to whoever is not inside.
        :raises OfferIsMalformed, OfferIsTooLarge: if the offer is unusable.
        """
        if self._stopping:
            raise NodeIsStopping(retry_after_s=1)
        offer = read_offer(body, kind)
        await self._rights.must_be_allowed(room_id, account_id, kind)
        for former in self._of(room_id, account_id, kind):
            self._end(former)
        session = WebRtcSession(
            room_id=room_id,
            account_id=account_id,
            expires_at=expires_at,
            credential=credential,
            kind=kind,
            offer=offer,
            mux=self._mux,
            certificates=self._certificates,
        )
        room = self._rooms.enter(session)
        self._sessions[session.session_id] = session
        if self._connections is not None:
            self._connections.connected(session, room_id, account_id)
        session.start(self._connected, self._end)
        return session, session.answer(room.ssrc)

    def owned(self, session_id: UUID, account_id: UUID) -> WebRtcSession:
        """Return somebody's own session.

        :raises NoSuchSession: if there is none, or it is somebody else's.
        """
        session = self._sessions.get(session_id)
        if session is None or session.account_id != account_id:
            raise NoSuchSession
        return session

    async def end(self, session: WebRtcSession) -> None:
        """End a session, and wait until it is closed."""
        self._end(session)
        await self._closed()

    def stage_changed(self, room_id: UUID, stage: FollowedStage) -> None:
        """Shut and open gates first, then end the sessions of who has no right any more."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        room.set_gates()
        for session in list(room.sessions.values()):
            if not is_allowed(stage, session.account_id, session.kind):
                self._end(session)

    def sweep(self) -> None:
        """End sessions whose peer has proven nothing for 30 s, or whose token is good no more."""
        now, today, revoked = time.monotonic(), clock.now(), revocations()
        for session in list(self._sessions.values()):
            is_lost = now - session.connection.last_check > SESSION_EXPIRES_S
            has_ended = today >= session.expires_at or session.credential in revoked
            if is_lost or has_ended:
                self._end(session)

    async def stop(self) -> None:
        """End all."""
        self._stopping = True
        for session in list(self._sessions.values()):
            self._end(session)
        await self._closed()

    def _of(self, room_id: UUID, account_id: UUID, kind: Kind) -> list[WebRtcSession]:
        room = self._rooms.get(room_id)
        return [
            session
            for session in (room.sessions.values() if room else ())
            if session.account_id == account_id and session.kind is kind
        ]

    def _connected(self, session: WebRtcSession) -> None:
        room = self._rooms.get(session.room_id)
        if session.closed or room is None:
            self._end(session)
        else:
            room.admit(session)

    def _end(self, session: WebRtcSession) -> None:
        """Take a session out of its room at once; its goodbyes are said in the background."""
        if self._sessions.pop(session.session_id, None) is None:
            return
        self._rooms.leave(session)
        if self._connections is not None:
            self._connections.disconnected(session)
        self._in_background(session.close())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _closed(self) -> None:
        if self._closing:
            await asyncio.wait(set(self._closing))
