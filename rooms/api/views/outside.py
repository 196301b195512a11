"""Who is put out, over REST: of one room, or of all rooms of its host; and who is let back."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rooms import commands
from rooms.api.serializers import Removal
from rooms.api.views.asking import about_somebody


class OneRemoval(APIView):
    """One person put out of this room."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Put somebody out for good, also after he or she has left."""
        reason = Removal(data=request.data).wished().get("reason", "")
        return about_somebody(request, room_id, account_id, commands.remove, reason=reason)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Let somebody whom a leader put out come in again."""
        return about_somebody(request, room_id, account_id, commands.lift_removal)


class OneBlock(APIView):
    """One person put out of all rooms of the host."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Block somebody from every room of yours, beginning with this one."""
        return about_somebody(request, room_id, account_id, commands.block)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Let somebody into your rooms again."""
        return about_somebody(request, room_id, account_id, commands.unblock)
