"""What rooms know of who asks: the tray, the inbox, and whether one may host."""

from typing import Final

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import queries
from rooms.discovery import DISCOVERY, inbox, trays
from rooms.hosting import eligibility_of
from spaces_project.kernel.clock import now
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import Moment, Shape
from spaces_project.kernel.web.short_lists import ShortListPage

READ_MODELS: Final = (*queries.READ_MODELS, DISCOVERY)


class Hosting(MinPositionView):
    """Whether who asks may host."""

    read_models = queries.READ_MODELS

    def get(self, request: Request) -> Response:
        """Tell whether you may open a room now, and if not, each reason why."""
        eligible = eligibility_of(asker(request).account_id)
        words = eligible.in_words() or None
        return Response({"may_host": not eligible.reasons, "detail": words, **eligible.numbers()})


class Tray(MinPositionView):
    """Whom who asks follows and who is on a stage now."""

    read_models = READ_MODELS

    def get(self, request: Request) -> Response:
        """List the people you follow who host or speak in live rooms that you may enter."""
        me = asker(request).account_id
        entries = trays.trays_of([me])[me]
        names = trays.names_in(entries)
        return Response({"results": [trays.render_entry(entry, names) for entry in entries]})


class Inbox(MinPositionView):
    """The open invitations of who asks."""

    read_models = READ_MODELS
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request) -> Response:
        """List the invitations that you have not answered, the newest first."""
        me = asker(request).account_id
        items = inbox.inboxes_of([me], now())[me]
        page = ShortListPage(request, items, [item.key for item in items])
        names = inbox.names_in(page.items)
        body = page.body([inbox.render_item(item, names) for item in page.items])
        return Response({**body, "unread": inbox.unread_in(items)})


class Until(Shape):
    """Up to which moment the inbox was read."""

    until = Moment()


class InboxRead(MinPositionView):
    """How far who asks has read the inbox."""

    def put(self, request: Request) -> Response:
        """Take note that you have read all invitations up to a moment."""
        me = asker(request).account_id
        inbox.mark_read(me, min(Until(data=request.data).wished()["until"], now()))
        return Response({"unread": inbox.unread_in(inbox.inboxes_of([me], now())[me])})
