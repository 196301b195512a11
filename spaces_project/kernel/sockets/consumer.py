"""What every socket of the product does alike, from the handshake to the goodbye."""

import time
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from channels.consumer import AsyncConsumer
from django.conf import settings

from spaces_project.kernel.authentication import Identity
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.connection import SocketConnection, say_goodbye
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.sockets.greeting import (
    UNREADABLE,
    AuthFrame,
    Goodbye,
    authenticate,
    origin_is_allowed,
)
from spaces_project.kernel.sockets.places import places
from spaces_project.kernel.web.problems import refusal_of
from spaces_project.kernel.web.server import EXTENSION

if TYPE_CHECKING:
    from spaces_project.kernel.sockets.protocol import BoundedWebSocket

SUBPROTOCOL: Final = "rooms.v1"
HEARTBEAT: Final = frozenset({"ping", "pong"})
PONG: Final = text_frame({"type": "pong"})


class ClientFrame(msgspec.Struct):
    """What a client says: ``ref`` names its wish, where it is one."""

    type: str
    ref: str = ""
    data: dict[str, Any] = {}


class SignedInSocket(AsyncConsumer):  # type: ignore[misc]
    """One connection of somebody known. A subclass says what it shows, and what it hears.

    It is called by its protocol with each message: dispatching through Channels would cost a task
    and a hop through the one thread that closes old database connections.
    """

    action: str  # what a server's key needs a scope for, e.g. "socket rooms"
    connection: SocketConnection | None = None
    _seated: UUID | None = None  # who was counted

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket until it closes."""
        self.scope = scope
        self.protocol: BoundedWebSocket = scope["extensions"][EXTENSION]
        await receive()  # websocket.connect; what follows comes from the protocol's inbox
        if not origin_is_allowed(scope):
            await send({"type": "websocket.close"})
            return
        offered = scope.get("subprotocols", ())
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        try:
            places.enter(settings.LIMITS.get("process-sockets"))
        except Goodbye as goodbye:
            say_goodbye(self.protocol, goodbye.code, goodbye.reason)
            return
        try:
            await self.serve()
        except Goodbye as goodbye:
            self._say_goodbye(goodbye.code, goodbye.reason)
        except Exception as error:  # noqa: BLE001 - no traceback reaches a client
            problem = refusal_of(error)
            self._say_goodbye(close_codes.INTERNAL, problem.title)
        finally:
            places.leave()
            if self._seated is not None:
                places.get_up(self._seated)
            self.left()

    async def serve(self) -> None:
        """Authenticate, show, and carry out what :meth:`frames` brings, until it ends."""
        raise NotImplementedError

    def left(self) -> None:
        """Let go of everything: the socket is closed, or was never let in."""

    async def authenticate(self) -> tuple[AuthFrame, Identity]:
        """Return the first frame, and whom its token speaks for.

        :raises Goodbye: if there is none in time, or it is none, or of nobody.
        """
        return await authenticate(self.protocol, self.action)

    async def sign_in(self, identity: Identity) -> SocketConnection:
        """Make the connection of somebody known.

        :raises Goodbye: if this person has too many sockets open.
        """
        await places.sit_down(identity.account_id, settings.LIMITS.get("sockets"))
        self._seated = identity.account_id
        self.connection = SocketConnection(self.protocol, identity)
        return self.connection

    async def frames(self, connection: SocketConnection) -> AsyncIterator[object]:
        """Yield what the client says and, as they are, the hub's own items; not heartbeats."""
        self.protocol.hears = partial(self._hear, connection)
        while (item := await self.protocol.inbox.get()) is not None:
            if isinstance(item, bytes):  # said before we listened
                item = _read(item)
            if not isinstance(item, ClientFrame) or not _answer_heartbeat(connection, item):
                yield item

    def _hear(self, connection: SocketConnection, words: bytes) -> None:
        """Take a message as it comes: a heartbeat is answered here, a command waits its turn."""
        connection.heard_at = time.monotonic()
        try:
            frame = _read(words)
        except Goodbye as goodbye:
            connection.close(goodbye.code, goodbye.reason)
            self.protocol.inbox.close()
            return
        if not _answer_heartbeat(connection, frame):
            self.protocol.keep(frame, len(words))

    def _say_goodbye(self, code: int, reason: str) -> None:
        if self.connection is not None:
            self.connection.close(code, reason)
        else:
            say_goodbye(self.protocol, code, reason)


def _read(words: bytes) -> ClientFrame:
    try:
        return msgspec.json.decode(words, type=ClientFrame)
    except UNREADABLE as error:
        raise Goodbye(close_codes.BAD_FRAME, f"not a frame: {error}"[:120]) from None


def _answer_heartbeat(connection: SocketConnection, frame: ClientFrame) -> bool:
    if frame.type == "ping":
        connection.offer(PONG)
    return frame.type in HEARTBEAT
