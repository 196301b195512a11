"""The rooms collection over REST: lists, look-ups and the search."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import queries
from rooms.discovery import DISCOVERY
from rooms.discovery.lists import Wanted, find_rooms, rows_of
from rooms.domain.words import RoomState
from rooms.snapshots import people_in, render
from spaces_project.kernel.ids import parse
from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker

READ_MODELS: Final = (*queries.READ_MODELS, DISCOVERY)
PARAMETERS: Final = frozenset(
    {"ids", "creator_ids", "host_id", "state", "followed", "topic", "query", "limit", "cursor"}
)
MOST: Final = 100
LONGEST: Final = 200  # characters of a question
NOBODY: Final = UUID(int=0)


class RoomPages(Pages):
    """Pages of rooms; who names rooms or people gets them all, unless a limit is given."""

    def get_page_size(self, request: Request) -> int:
        """Return the ``limit`` that was asked for."""
        asked = request.query_params
        names = "ids" in asked or "creator_ids" in asked
        return MOST if names and "limit" not in asked else super().get_page_size(request)


def list_rooms(request: Request, view: object) -> Response:
    """Return a page of the rooms that somebody looks for and may know of."""
    wanted, me = wanted_in(request.query_params), asker(request).account_id
    pages = RoomPages(wanted.ordering)
    listed = pages.paginate_queryset(find_rooms(wanted, me), request, view=view) or []
    views = queries.views(rows_of(listed))
    for each in views:
        each.pins = {}  # words from inside, which not everybody who finds a room may see
    names = people_in(views)
    return pages.get_paginated_response([render(each, None, names) for each in views])


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """Return what a query looks for.

    :raises InvalidRequest: if it cannot be meant.
    """
    state = query.get("state")
    if state is not None and state not in list(RoomState):
        raise InvalidRequest(f"state must be {', '.join(RoomState)}.")
    if query.get("followed") not in (None, "true"):
        raise InvalidRequest("followed must be true, or not be there.")
    return Wanted(
        ids=_several(query, "ids", "room"),
        creator_ids=_several(query, "creator_ids", "acc"),
        host_id=_one(query["host_id"], "acc") if "host_id" in query else None,
        state=state,
        followed="followed" in query,
        topic=_text(query, "topic"),
        query=_text(query, "query"),
    )


def _several(query: Mapping[str, str], name: str, prefix: str) -> list[UUID] | None:
    if name not in query:
        return None
    parts = [part.strip() for part in query[name].split(",")]
    if not 0 < len(parts) <= MOST or not all(parts):
        raise InvalidRequest(f"{name} must be 1 to {MOST} identifiers with commas between.")
    return [_one(part, prefix) for part in parts]


def _one(text: str, prefix: str) -> UUID:
    """Return an identifier; nobody's, if it is malformed: what cannot be is not there."""
    try:
        return parse(prefix, text)
    except ValueError:
        return NOBODY


def _text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name)
    if text is not None and (not 0 < len(text) <= LONGEST or "\0" in text):
        raise InvalidRequest(f"{name} must have 1 to {LONGEST} characters.")
    return text
