"""Lists of people: whom one follows, whom one has blocked."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries
from accounts.projections.people import People
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker


class FollowingList(MinPositionView):
    """Whom who asks follows."""

    read_models = (People.name,)
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request) -> Response:
        """List whom you follow, the newest following first."""
        found = queries.followed_by(asker(request).account_id)
        return _page(self, request, Pages(("-since", "-followee_id")), found, "followee_id")


class BlockedList(MinPositionView):
    """Whom who asks has blocked."""

    read_models = (People.name,)
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request) -> Response:
        """List whom you have blocked."""
        found = queries.blocked_by(asker(request).account_id)
        return _page(self, request, Pages(("-blocked_id",)), found, "blocked_id")


def _page(view: Any, request: Request, pages: Pages, found: Any, whom: str) -> Response:
    rows = pages.paginate_queryset(found, request, view=view) or []
    account_ids = [getattr(row, whom) for row in rows]
    names = queries.people(account_ids)
    shown = []
    for account_id in account_ids:
        person = names.get(account_id)
        shown.append(
            {
                "account_id": public("acc", account_id),
                "name": person.name if person else "",
                "handle": person.handle if person else "",
            }
        )
    return pages.get_paginated_response(shown)
