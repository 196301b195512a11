"""Who is put out, over REST: of one room, or of all rooms of its host; and who is let back."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands, queries
from rooms.api.serializers import Removal
from rooms.api.views.asking import about_somebody, room_in_path
from rooms.domain.errors import LeadersOnly
from rooms.domain.words import RoomState
from rooms.rights import leads
from rooms.snapshots import render_removal
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker


class Removed(MinPositionView):
    """Who was put out of this room."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request, room_id: str) -> Response:
        """List whom leaders put out, the newest first: told to leaders only."""
        room, me = room_in_path(room_id), asker(request).account_id
        view, viewer = queries.room_inside(room, me)
        if not leads(view, viewer):
            raise LeadersOnly
        pages = Pages(("-removed_at", "account_id"))
        rows = pages.paginate_queryset(queries.removed(room), request, view=self) or []
        liftable = me == view.card.host_id and view.state is not RoomState.ENDED
        names = queries.names_of_removed(rows)
        shown = [render_removal(row, names, liftable=liftable) for row in rows]
        return pages.get_paginated_response(shown)


class OneRemoval(Address):
    """One person put out of this room."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Put somebody out for good, also after he or she has left."""
        reason = Removal(data=request.data).wished().get("reason", "")
        return about_somebody(request, room_id, account_id, commands.remove, reason=reason)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Let somebody whom a leader put out come in again."""
        return about_somebody(request, room_id, account_id, commands.lift_removal)


class OneBlock(Address):
    """One person put out of all rooms of the host."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Block somebody from every room of yours, beginning with this one."""
        return about_somebody(request, room_id, account_id, commands.block)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Let somebody into your rooms again."""
        return about_somebody(request, room_id, account_id, commands.unblock)
