"""A client that keeps the rule of the interface, and a stage to follow."""

import asyncio
import json
import random
import socket
import struct
from contextlib import suppress
from typing import Any, Self
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from rooms import commands as rooms
from rooms.domain.room import Room
from spaces_project.kernel.clock import now
from spaces_project.kernel.ids import new_id, public
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.sockets.frames import event_id
from tests.frames import check_frame
from tests.kernel.processes import Person, Web, somebody

SUBPROTOCOL = "rooms.v1"
PATIENCE_S = 20.0
NO_DELAY = struct.pack("ii", 1, 0)


class Talk:
    """A live room with its host, who can be asked to make events."""

    def __init__(self) -> None:
        self.host = somebody("Host")
        self.room_id = rooms.open_room(host_id=self.host.account_id, title="Talk").entity_id
        rooms.start(room_id=self.room_id, by=self.host.account_id)
        self._muted = True

    @classmethod
    def of(cls, host: Person, room_id: UUID) -> Self:
        """Return a room that is there already."""
        talk = cls.__new__(cls)
        talk.host, talk.room_id, talk._muted = host, room_id, True
        return talk

    @property
    def public_id(self) -> str:
        """The room as clients name it."""
        return public("room", self.room_id)

    def go_on(self, events: int = 1) -> int:
        """Let so many things happen; return the room's newest seq."""
        host = self.host.account_id
        seq = 0
        for _ in range(events):
            change = rooms.unmute if self._muted else rooms.mute
            seq = change(room_id=self.room_id, account_id=host, by=host).seq or 0
            self._muted = not self._muted
        return seq

    def leap(self, events: int) -> int:
        """Let many things happen in one moment; return the room's newest seq."""
        room, host = event_log().load(Room, self.room_id), self.host.account_id
        for _ in range(events):
            (room.unmute if self._muted else room.mute)(host, host, now())
            self._muted = not self._muted
        return event_log().append(room).seq or 0

    def join(self, person: Person) -> None:
        """Let somebody in."""
        rooms.join(room_id=self.room_id, account_id=person.account_id)

    def end(self) -> None:
        """End it."""
        rooms.end(room_id=self.room_id, by=self.host.account_id)

    def events(self) -> list[tuple[int, str]]:
        """Return number and id of everything that happened."""
        return events_of(self.room_id)


def events_of(room_id: UUID) -> list[tuple[int, str]]:
    """Return number and id of a room's events, from the log."""
    return [(r.seq or 0, event_id(r)) for r in event_log().history(room_id)]


class Socket:
    """One connection; frames of its own kind are kept apart from the room's events."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    async def open(cls, web: Web, room: str, **options: Any) -> Self:
        """Connect without a word."""
        address = f"ws://127.0.0.1:{web.port}/ws/v1/rooms/{room}"
        options = {"subprotocols": [SUBPROTOCOL], "max_queue": None, **options}
        return cls(
            await connect(address, proxy=None, ping_interval=None, compression=None, **options)
        )

    @classmethod
    async def enter(
        cls, web: Web, talk: Talk, who: Person, after: int | None = None, **options: Any
    ) -> Self:
        """Connect and say who it is."""
        opened = await cls.open(web, talk.public_id, **options)
        await opened.send(
            type="auth", token=who.token, **({} if after is None else {"after": after})
        )
        return opened

    async def send(self, **frame: Any) -> None:
        """Send one frame."""
        await self.connection.send(json.dumps(frame))

    async def read(self, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next frame."""
        found: dict[str, Any] = json.loads(await asyncio.wait_for(self.connection.recv(), within_s))
        check_frame(found)
        return found

    async def read_until(self, **wanted: Any) -> dict[str, Any]:
        """Return the next frame that has these members."""
        while True:
            frame = await self.read()
            if all(frame.get(name) == value for name, value in wanted.items()):
                return frame

    async def ask(self, command: str, ref: str | None = None, **facts: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        ref = uuid4().hex if ref is None else ref
        await self.send(type=command, ref=ref, data=facts)
        return await self.read_until(ref=ref)

    async def closed(self, within_s: float = PATIENCE_S) -> int | None:
        """Read to the end and return the close code that the server gave."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(within_s):
                while True:
                    await self.connection.recv()
        return self.connection.close_code

    def cut(self, chance: random.Random) -> None:
        """Break the connection off, with or without a reset."""
        transport = self.connection.transport
        if chance.random() < 0.5:
            found: socket.socket = transport.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_DELAY)
        transport.abort()

    async def close(self) -> None:
        """Go."""
        await self.connection.close()


class Follower:
    """Keeps a room's log by the client's rule, over as many connections as it takes."""

    def __init__(self, web: Web, talk: Talk, who: Person) -> None:
        self.web, self.talk, self.who = web, talk, who
        self.last = 0
        self.log: list[tuple[int, str]] = []
        self.gaps = 0
        self.repeats = 0
        self.snapshots = 0
        self.connections = 0
        self.socket: Socket | None = None
        self.ended = False

    async def follow(self) -> None:
        """Connect and read, again and again, until cancelled or told that it is over."""
        while not self.ended:
            try:
                options = self.options()
                self.socket = await Socket.enter(
                    self.web, self.talk, self.who, after=self.last, **options
                )
                self.connections += 1
                while True:
                    frame = json.loads(await self.socket.connection.recv())
                    check_frame(frame)
                    self._take(frame)
                    await self.breathe()
            except ConnectionClosed:
                pass
            except (OSError, InvalidHandshake, TimeoutError):
                await asyncio.sleep(0.05)
            if self.socket is not None:
                self.ended = self.socket.connection.close_code == 4410

    def options(self) -> dict[str, Any]:
        """Return how the next connection is made."""
        return {}

    async def breathe(self) -> None:
        """Take time between two frames; none, as a rule."""

    async def reach(self, seq: int) -> None:
        """Wait until it has come so far."""
        async with asyncio.timeout(PATIENCE_S):
            while self.last < seq:  # noqa: ASYNC110 - it reads on at its own pace
                await asyncio.sleep(0.01)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "snapshot":
            self.snapshots += 1
            self.last = frame["seq"]
        elif (seq := frame.get("seq")) is not None and frame["type"] != "ack":
            self.gaps += seq > self.last + 1
            self.repeats += seq <= self.last
            self.last = seq
            self.log.append((seq, frame["id"]))


def unknown_room() -> str:
    """Return the name of a room that never was."""
    return public("room", new_id())
