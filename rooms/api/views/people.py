"""Who is inside, over REST."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import queries
from rooms.api.views.asking import room_in_path
from rooms.snapshots import render_participant
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker


class Participants(MinPositionView):
    """Who is inside."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request, room_id: str) -> Response:
        """List who is inside and as what, in the order of coming in."""
        room = room_in_path(room_id)
        view, _ = queries.room_inside(room, asker(request).account_id)
        pages = Pages(("joined_at", "account_id"))
        rows = pages.paginate_queryset(queries.participants(room), request, view=self) or []
        names = queries.names_of(rows)
        return pages.get_paginated_response([render_participant(r, view, names) for r in rows])
