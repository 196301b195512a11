"""The door of a room over REST: coming in and going away."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands
from rooms.api.views.asking import coming_in, for_oneself
from spaces_project.kernel.web.address import Address


class JoinRoom(Address):
    """Coming in."""

    def post(self, request: Request, room_id: str) -> Response:
        """Come in as a listener, muted."""
        return coming_in(request, room_id, commands.join)


class LeaveRoom(Address):
    """Going away."""

    def post(self, request: Request, room_id: str) -> Response:
        """Leave the room; going twice changes nothing."""
        return for_oneself(request, room_id, commands.leave)
