"""Who hosts, over REST: co-hosts and the hand-over."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands
from rooms.api.serializers import Somebody
from rooms.api.views.asking import as_leader, on_stage
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.wishes import parse_id


class OneCohost(Address):
    """One co-host."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Make a speaker a co-host; the order of appointment decides who succeeds."""
        return on_stage(request, room_id, account_id, commands.appoint_cohost)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Make a co-host a speaker again."""
        return on_stage(request, room_id, account_id, commands.dismiss_cohost)


class HandOver(Address):
    """The hand-over of a room."""

    def post(self, request: Request, room_id: str) -> Response:
        """Let somebody else on stage host; you stay there yourself."""
        heir = parse_id("acc", Somebody(data=request.data).wished()["account_id"])
        return as_leader(request, room_id, commands.hand_over, account_id=heir)
