"""A room's events over REST: for clients without a socket, and to close holes."""

import time
from typing import Final
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import queries
from rooms.announcements import announce, people_named
from rooms.domain.room import LEADERS
from spaces_project.kernel.authentication import REVOKED
from spaces_project.kernel.refusals import NotAuthenticated
from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import number
from spaces_project.kernel.web.stopping import stopping
from spaces_project.kernel.web.wishes import parse_id

LONGEST_WAIT_S: Final = 25
POLL_S: Final = 0.1
MOST: Final = 1000


class RoomEvents(MinPositionView):
    """The room's events behind a seq, as the socket would say them."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"after", "wait", "limit"})

    def get(self, request: Request, room_id: str) -> Response:
        """Return events with seq > ``after``; ``wait`` (s) holds the request until there is one."""
        query = request.query_params
        room, me = parse_id("room", room_id), asker(request).account_id
        view, viewer = queries.room_inside(room, me)
        after = number(query, "after", 0, 0, 2**53)
        limit = number(query, "limit", 200, 1, MOST)
        _wait_for_news(room, after, number(query, "wait", 0, 0, LONGEST_WAIT_S))
        if asker(request).credential in revocations():  # while it waited
            raise NotAuthenticated(REVOKED)
        page = list(queries.events_of(room, after, limit))
        names = people_named(page)
        seat = view.seats.get(viewer.account_id)
        # The end clears the stage; what its host may know of the evening stays.
        leads = me == view.card.host_id or (seat is not None and seat.role in LEADERS)
        shown = [announce(recorded, names).words_for(me, leads=leads) for recorded in page]
        return Response({"events": shown, "seq": queries.last_seq(room)})


def _wait_for_news(room_id: UUID, after: int, longest_s: int) -> None:
    deadline = time.monotonic() + longest_s
    while queries.last_seq(room_id) <= after and time.monotonic() < deadline:
        if stopping.wait(POLL_S):
            return
