"""The socket of one room: authentication, resume or snapshot, commands."""

import asyncio
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from channels.consumer import AsyncConsumer
from django.conf import settings

from rooms import queries
from rooms.announcements import announce, people_named
from rooms.channel import RoomChannel
from rooms.domain.errors import RoomNotFound
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState
from rooms.hub import FOLLOWERS_ONLY, room_hub
from rooms.snapshots import people_in, render
from rooms.socket_commands import CommandFrame, carry_out
from rooms.view import RoomView, Viewer
from spaces_project.kernel.authentication import Identity, identified
from spaces_project.kernel.ids import parse
from spaces_project.kernel.refusals import InvalidRequest, NotAllowed, NotAuthenticated
from spaces_project.kernel.scopes import must_be_granted
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.channel import BEHIND
from spaces_project.kernel.sockets.connection import (
    CHUNK_BYTES,
    SocketConnection,
    say_goodbye,
)
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.web.problems import refusal_of
from spaces_project.kernel.web.server import EXTENSION

if TYPE_CHECKING:
    from spaces_project.kernel.sockets.protocol import BoundedWebSocket

log = logging.getLogger(__name__)

SUBPROTOCOL: Final = "rooms.v1"
AUTHENTICATE_WITHIN_S: Final = 5.0
LONGEST_REPLAY: Final = 1000  # events; beyond it a snapshot is cheaper for everybody
PAGE: Final = 200
LONGEST_REF: Final = 100
HEARTBEAT: Final = frozenset({"ping", "pong"})
PONG: Final = text_frame({"type": "pong"})


class AuthFrame(msgspec.Struct, tag="auth", tag_field="type"):
    """The first frame: who it is, and which event, of which epoch of the log, was seen last."""

    token: str
    on_behalf_of: str = ""
    after: int | None = None
    epoch: str | None = None


class Goodbye(Exception):
    """Ends the socket with a close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class RoomSocket(AsyncConsumer):  # type: ignore[misc]
    """One connection to ``/ws/v1/rooms/{room_id}``.

    It is called by its protocol with each message: dispatching through Channels would cost a task
    and a hop through the one thread that closes old database connections.
    """

    connection: SocketConnection | None = None
    channel: RoomChannel | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket until it closes."""
        self.scope = scope
        self.protocol: BoundedWebSocket = scope["extensions"][EXTENSION]
        await receive()  # websocket.connect; what follows comes from the protocol's inbox
        if not _origin_is_allowed(scope):
            await send({"type": "websocket.close"})
            return
        offered = scope.get("subprotocols", ())
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        self.hub = room_hub()
        try:
            await self._serve()
        except Goodbye as goodbye:
            self._say_goodbye(goodbye.code, goodbye.reason)
        except Exception as error:  # noqa: BLE001 - no traceback reaches a client
            problem = refusal_of(error)
            self._say_goodbye(close_codes.INTERNAL, problem.title)
        finally:
            if self.channel is not None:
                self.hub.leave(self.channel, self.connection)

    async def _serve(self) -> None:
        room_id = self._room_id()
        hello, identity = await self._authenticate()
        channel = await self._open(room_id)
        self.connection = SocketConnection(self.protocol, identity)
        self.hub.watch(channel, self.connection)  # first: whom a block shuts out now is found
        await self._admit(channel.stage, identity.account_id)
        same_log = hello.epoch in (None, settings.EPOCH)
        await self._bring_up(channel, self.connection, hello.after if same_log else None)
        self.protocol.hears = partial(self._hear, self.connection)
        while (item := await self.protocol.inbox.get()) is not None:
            frame = _frame(item) if isinstance(item, bytes) else item  # said before, or since
            if frame is BEHIND:
                await self._bring_up(channel, self.connection, self.connection.cursor)
            elif not self._answer_heartbeat(self.connection, frame):
                await self._carry_out(frame, room_id, self.connection)

    def _room_id(self) -> UUID:
        try:
            return parse("room", self.scope["url_route"]["kwargs"]["room_id"])
        except ValueError:
            raise Goodbye(close_codes.NOT_FOUND, "no such room") from None

    async def _authenticate(self) -> tuple[AuthFrame, Identity]:
        try:
            words = await asyncio.wait_for(self.protocol.inbox.get(), AUTHENTICATE_WITHIN_S)
            hello = msgspec.json.decode(words or b"", type=AuthFrame)
            identity = await identified(hello.token, hello.on_behalf_of)
            must_be_granted(identity, "socket rooms")
            return hello, identity
        except TimeoutError:
            raise Goodbye(close_codes.NOT_AUTHENTICATED, "no auth frame came") from None
        except msgspec.MsgspecError:
            raise Goodbye(close_codes.BAD_FRAME, "the first frame must be auth") from None
        except NotAuthenticated as refusal:
            raise Goodbye(close_codes.AUTHENTICATION_FAILED, str(refusal)) from None
        except (InvalidRequest, NotAllowed) as refusal:
            raise Goodbye(close_codes.FORBIDDEN, str(refusal)) from None

    async def _open(self, room_id: UUID) -> RoomChannel:
        try:
            self.channel = await self.hub.open(room_id)
        except RoomNotFound:
            raise Goodbye(close_codes.NOT_FOUND, "no such room") from None
        return self.channel

    async def _admit(self, stage: Stage, me: UUID) -> None:
        """Let somebody in who may see the room."""
        if stage.host_id is None or await self.hub.is_blocked(stage.host_id, me):
            raise Goodbye(close_codes.NOT_FOUND, "no such room")
        if stage.state is RoomState.ENDED:
            raise Goodbye(close_codes.ROOM_OVER, "the room has ended")
        if stage.is_put_out(me):
            raise Goodbye(close_codes.FORBIDDEN, "removed from this room")
        if not await self.hub.admits(stage, me):
            raise Goodbye(close_codes.FORBIDDEN, FOLLOWERS_ONLY)

    async def _bring_up(
        self, channel: RoomChannel, connection: SocketConnection, after: int | None
    ) -> None:
        """Bring a connection to the ring: by what it missed, else by a snapshot; then let go."""
        if after is not None and await self._may_resume(channel, after):
            connection.cursor = after
            while connection.cursor + 1 < channel.first and connection.cursor < channel.head:
                await connection.drained()
                await self._replay_page(channel, connection)
        else:
            await self._send_snapshot(channel, connection)
        self.hub.join(channel, connection)

    async def _may_resume(self, channel: RoomChannel, after: int) -> bool:
        if after < 0 or channel.head - after > LONGEST_REPLAY:
            return False
        if after <= channel.head:
            return True
        newest = await self.hub.in_thread(queries.last_seq, channel.stage.room_id)
        return after <= int(newest)  # this process is behind: it goes on when it gets there

    async def _replay_page(self, channel: RoomChannel, connection: SocketConnection) -> None:
        room_id, me = channel.stage.room_id, connection.account_id
        leads = channel.stage.leads(me)

        def frames() -> tuple[bytes, int]:
            page = list(queries.events_of(room_id, connection.cursor, PAGE))
            names = people_named(page)
            chunk, last = bytearray(), connection.cursor
            for recorded in page:
                frame = text_frame(announce(recorded, names).words_for(me, leads=leads))
                if chunk and len(chunk) + len(frame) > CHUNK_BYTES:
                    break
                chunk += frame
                last = recorded.seq or 0
            return bytes(chunk), last

        encoded, connection.cursor = await self.hub.in_thread(frames)
        connection.write(encoded)

    async def _send_snapshot(self, channel: RoomChannel, connection: SocketConnection) -> None:
        stage, me = channel.stage, connection.account_id
        view, stage_seq = RoomView.of_stage(stage), stage.seq
        viewer = Viewer(
            me,
            present=me in stage.present,
            hand_position=place_in_line(stage, me),
            removed=me in stage.removed,
            blocked=me in stage.blocked,
        )

        if view.asks_who_follows:
            viewer = await self.hub.in_thread(queries.with_relation, viewer, view)
        names = channel.names_at(stage_seq)
        if names is None:
            names = await self.hub.in_thread(people_in, [view])
            channel.keep_names(stage_seq, names)
        state = render(view, viewer, names)
        connection.send(
            {"type": "snapshot", "seq": stage_seq, "epoch": settings.EPOCH, "state": state}
        )
        connection.cursor = stage_seq

    def _hear(self, connection: SocketConnection, words: bytes) -> None:
        """Take a message as it comes: a heartbeat is answered here, a command waits its turn."""
        connection.heard_at = time.monotonic()
        try:
            frame = _frame(words)
        except Goodbye as goodbye:
            connection.close(goodbye.code, goodbye.reason)
            self.protocol.inbox.close()
            return
        if not self._answer_heartbeat(connection, frame):
            self.protocol.keep(frame, len(words))

    def _answer_heartbeat(self, connection: SocketConnection, frame: CommandFrame) -> bool:
        if frame.type == "ping":
            connection.offer(PONG)
        return frame.type in HEARTBEAT

    async def _carry_out(
        self, frame: CommandFrame, room_id: UUID, connection: SocketConnection
    ) -> None:
        await connection.drained()  # who does not read is not heard
        try:
            if not 0 < len(frame.ref) <= LONGEST_REF:
                raise InvalidRequest(f"ref must have 1 to {LONGEST_REF} characters.")
            must_be_granted(connection.identity, f"frame {frame.type}")
            receipt = await self.hub.in_thread(carry_out, frame, room_id, connection.account_id)
            connection.send({"type": "ack", "ref": frame.ref, "seq": receipt.seq})
        except Exception as error:  # noqa: BLE001 - every no is a problem frame
            problem = refusal_of(error).problem()
            connection.send({"type": "error", "ref": frame.ref, "problem": problem})

    def _say_goodbye(self, code: int, reason: str) -> None:
        if self.connection is not None:
            self.connection.close(code, reason)
        else:
            say_goodbye(self.protocol, code, reason)


class _AnyFrame(CommandFrame):
    ref: str = ""


def place_in_line(stage: Stage, account_id: UUID) -> int | None:
    """Return somebody's place among the raised hands, from 1; None without one."""
    if account_id not in stage.hands:
        return None
    return list(stage.hands).index(account_id) + 1


def _frame(words: bytes) -> CommandFrame:
    try:
        return msgspec.json.decode(words, type=_AnyFrame)
    except msgspec.MsgspecError as error:
        raise Goodbye(close_codes.BAD_FRAME, f"not a frame: {error}"[:120]) from None


def _origin_is_allowed(scope: Any) -> bool:
    """Tell whether a browser's page may open this socket; native apps send no Origin."""
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    return all(origin in settings.ALLOWED_ORIGINS for origin in origins)
