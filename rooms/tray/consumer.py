"""The socket of somebody's tray and inbox."""

from rooms.tray.hub import tray_hub
from spaces_project.kernel.refusals import InvalidRequest, ProjectionBehind
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.consumer import ClientFrame, SignedInSocket
from spaces_project.kernel.sockets.greeting import Goodbye


class TraySocket(SignedInSocket):
    """One connection to ``/ws/v1/tray``. It says what is so, and hears nothing but heartbeats."""

    action = "socket tray"

    async def serve(self) -> None:
        """Show tray and inbox as they are, then each time that they change."""
        self.hub = tray_hub()
        _, identity = await self.authenticate()
        connection = await self.sign_in(identity)
        try:
            await self.hub.enter(connection)
        except ProjectionBehind:
            raise Goodbye(close_codes.RESTART, "come back in a moment") from None
        async for frame in self.frames(connection):
            if isinstance(frame, ClientFrame):
                refusal = InvalidRequest(f"There is no command {frame.type[:60]!r} here.")
                problem = refusal.problem()
                await connection.drained()
                connection.send({"type": "error", "ref": frame.ref, "problem": problem})

    def left(self) -> None:
        """Leave the hub."""
        if self.connection is not None:
            self.hub.leave(self.connection)
