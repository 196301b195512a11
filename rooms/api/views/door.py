"""The door of a room over REST: coming in and going away."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rooms import commands
from rooms.api.views.asking import for_oneself, room_in_path
from rooms.presence import requests as presence
from spaces_project.kernel.web.rest_authentication import asker


class JoinRoom(APIView):
    """Coming in."""

    def post(self, request: Request, room_id: str) -> Response:
        """Come in as a listener, muted."""
        presence.comes_in(room_in_path(room_id), asker(request).account_id)
        return for_oneself(request, room_id, commands.join)


class LeaveRoom(APIView):
    """Going away."""

    def post(self, request: Request, room_id: str) -> Response:
        """Leave the room; going twice changes nothing."""
        return for_oneself(request, room_id, commands.leave)
