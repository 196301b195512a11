"""A room as it was, over REST."""

from datetime import datetime
from typing import Final

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import queries
from rooms.api.views.asking import room_in_path
from rooms.moments import moment_of, render_moment
from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import moment, number

FIRST: Final = 1


class RoomMoment(MinPositionView):
    """The room at one moment of its life."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"seq", "t"})

    def get(self, request: Request, room_id: str) -> Response:
        """Show the room as a socket's snapshot showed it: right after ``seq``, or at time ``t``."""
        room, me = room_in_path(room_id), asker(request).account_id
        queries.room_inside(room, me)
        query = request.query_params
        if ("seq" in query) == ("t" in query):
            raise InvalidRequest("Ask for a moment by either seq or t.")
        newest = queries.last_seq(room)
        if "seq" in query:
            seq = number(query, "seq", FIRST, FIRST, newest)
        else:
            seq = queries.seq_at(room, _time(query["t"]))
        if seq < FIRST:
            raise InvalidRequest("t lies before the room was opened.")
        return Response(render_moment(moment_of(queries.stage_at(room, seq), me)))


def _time(text: str) -> datetime:
    """Return a time that says which zone it is in (RFC 3339).

    :raises InvalidRequest: if it is none.
    """
    found = moment(text)
    if found is None:
        raise InvalidRequest("t must be a time, e.g. 2026-11-20T10:41:02.882Z.")
    return found
