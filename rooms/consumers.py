"""The socket of one room: authentication, resume or snapshot, commands."""

from typing import Final
from uuid import UUID

from django.conf import settings

from rooms import queries
from rooms.announcements import Names, announce, people_named
from rooms.channel import ANEW, RoomChannel
from rooms.domain.errors import RoomNotFound
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState
from rooms.doors import NOT_FOR_YOU
from rooms.hub import room_hub
from rooms.looking import snapshot_of
from rooms.presence import sockets as presence
from rooms.reactions.react import react
from rooms.socket_commands import REACTION, carry_out, data_of
from rooms.socket_wishes import CommandFrame, Reaction
from rooms.warnings import warn_again
from spaces_project.kernel.ids import parse
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.scopes import must_be_granted
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.channel import BEHIND
from spaces_project.kernel.sockets.connection import SocketConnection
from spaces_project.kernel.sockets.consumer import ClientFrame, SignedInSocket
from spaces_project.kernel.sockets.frames import text_frame
from spaces_project.kernel.sockets.greeting import Goodbye
from spaces_project.kernel.sockets.ring import NUMBER_ONLY, joined
from spaces_project.kernel.web.problems import refusal_of

LONGEST_REPLAY: Final = 1000  # events; beyond it a snapshot is cheaper for everybody
PAGE: Final = 200
LONGEST_REF: Final = 100


class RoomSocket(SignedInSocket):
    """One connection to ``/ws/v1/rooms/{room_id}``."""

    action = "socket rooms"
    channel: RoomChannel | None = None

    async def serve(self) -> None:
        """Show the room as it is, then as it goes on; carry out what is asked."""
        self.hub = room_hub()
        room_id = self._room_id()
        hello, identity = await self.authenticate()
        channel = await self._open(room_id)
        connection = await self.sign_in(identity)
        self.hub.watch(channel, connection)  # first: whom a block shuts out now is found
        await self._admit(channel.stage, identity.account_id)
        connection.epoch = settings.EPOCH if hello.epoch is None else hello.epoch
        await self._bring_up(channel, connection, hello.after)
        async for frame in self.frames(connection):
            if frame is BEHIND or frame is ANEW:
                await self._bring_up(channel, connection, connection.cursor)
            elif isinstance(frame, ClientFrame):
                await self._carry_out(frame, room_id, connection)

    def left(self) -> None:
        """Leave the room's channel."""
        if self.channel is not None:
            self.hub.leave(self.channel, self.connection)

    def _room_id(self) -> UUID:
        try:
            return parse("room", self.scope["url_route"]["kwargs"]["room_id"])
        except ValueError:
            raise Goodbye(close_codes.NOT_FOUND, "no such room") from None

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
            raise Goodbye(close_codes.FORBIDDEN, NOT_FOR_YOU[stage.audience_policy])

    async def _bring_up(
        self, channel: RoomChannel, connection: SocketConnection, after: int | None
    ) -> None:
        """Bring a connection to the ring: by what it missed, else by a snapshot; then let go."""
        me = connection.account_id
        followed: list[UUID] = []
        if channel.is_crowd:
            followed = await self.hub.in_thread(queries.followed_by, me)
            channel.watched.watch(me, followed)
        same, shown = connection.epoch == channel.epoch, set[UUID]()
        if after is not None and same and await self._may_resume(channel, after):
            connection.cursor = after
            while not channel.reaches(connection):
                await connection.drained()
                await self._replay_page(channel, connection)
        else:
            shown = set(channel.stage.seats)  # and the snapshot warns of them
            await self._send_snapshot(channel, connection, followed)
        self.hub.join(channel, connection)
        await warn_again(connection, channel, shown, self.hub.in_thread)

    async def _may_resume(self, channel: RoomChannel, after: int) -> bool:
        if after < 0 or channel.head - after > LONGEST_REPLAY:
            return False
        if after <= channel.head:
            return True
        newest = await self.hub.in_thread(queries.last_seq, channel.stage.room_id)
        return after <= int(newest)  # this process is behind: it goes on when it gets there

    async def _replay_page(self, channel: RoomChannel, connection: SocketConnection) -> None:
        room_id, me = channel.stage.room_id, connection.account_id

        def frames() -> tuple[bytes, int]:
            page = list(queries.events_of(room_id, connection.cursor, PAGE))
            names = people_named(page)
            numbered = ((r.seq or 0, self._frame(channel, r, names, me)) for r in page)
            return next(joined(numbered), (b"", connection.cursor))

        encoded, connection.cursor = await self.hub.in_thread(frames)
        connection.write(encoded)

    def _frame(self, channel: RoomChannel, recorded: Recorded, names: Names, me: UUID) -> bytes:
        leads = channel.stage.leads(me)
        if channel.hides(recorded.event, me, leads=leads):
            return NUMBER_ONLY
        return text_frame(announce(recorded, names).words_for(me, leads=leads))

    async def _send_snapshot(
        self, channel: RoomChannel, connection: SocketConnection, followed: list[UUID]
    ) -> None:
        epoch, me = channel.epoch, connection.account_id
        seq, state = await snapshot_of(channel, me, followed, self.hub.in_thread)
        connection.send({"type": "snapshot", "seq": seq, "epoch": epoch, "state": state})
        connection.cursor, connection.epoch = seq, epoch

    async def _carry_out(
        self, said: ClientFrame, room_id: UUID, connection: SocketConnection
    ) -> None:
        await connection.drained()  # who does not read is not heard
        try:
            if not 0 < len(said.ref) <= LONGEST_REF:
                raise InvalidRequest(f"ref must have 1 to {LONGEST_REF} characters.")
            must_be_granted(connection.identity, f"frame {said.type}")
            frame = CommandFrame(said.type, said.ref, said.data)
            if frame.type == REACTION:
                await self._react(frame, connection)
                return
            await presence.before(frame.type, room_id, connection)
            receipt = await self.hub.in_thread(carry_out, frame, room_id, connection.account_id)
            presence.after(frame.type, connection)
            connection.send({"type": "ack", "ref": frame.ref, "seq": receipt.seq})
        except Exception as error:  # noqa: BLE001 - every no is a problem frame
            problem = refusal_of(error).problem()
            connection.send({"type": "error", "ref": said.ref, "problem": problem})

    async def _react(self, frame: CommandFrame, connection: SocketConnection) -> None:
        assert self.channel is not None
        await self.hub.in_thread(
            react,
            room_id=self.channel.stage.room_id,
            account_id=connection.account_id,
            emoji=data_of(frame, Reaction).emoji,
            wish=frame.ref,
            stage=self.channel.stage,
        )
        connection.send({"type": "ack", "ref": frame.ref, "seq": None})
