"""Raised hands over REST: the line of those who ask to speak."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands, queries
from rooms.api.views.asking import about_somebody, for_oneself, room_in_path
from rooms.snapshots import render_hand
from spaces_project.kernel.clock import now
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker


class Hands(MinPositionView):
    """The line of those who ask to speak."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request, room_id: str) -> Response:
        """List the line, first in first out, each with place and waiting time."""
        room, at = room_in_path(room_id), now()
        queries.room_inside(room, asker(request).account_id)
        pages = Pages(("hand_seq",))
        rows = pages.paginate_queryset(queries.hands(room), request, view=self) or []
        first, names = queries.place_of(rows[0]) if rows else 1, queries.names_of(rows)
        shown = [
            {
                **render_hand(row.account_id, row.hand_raised_at, place, names),
                "waiting_ms": max(0, round((at - row.hand_raised_at).total_seconds() * 1000)),
            }
            for place, row in enumerate(rows, start=first)
        ]
        return pages.get_paginated_response(shown)

    def post(self, request: Request, room_id: str) -> Response:
        """Raise your hand."""
        return for_oneself(request, room_id, commands.raise_hand)


class OneHand(Address):
    """One raised hand."""

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Lower it: your own (``me``), or as a leader somebody else's."""
        return about_somebody(request, room_id, account_id, commands.lower_hand)
