"""People who only send requests: each is connected for a while, and for longer by the next one."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from rooms.presence.board import board
from spaces_project.kernel.ids import parse

PATIENCE_S: Final = 10.0
REFUSED: Final = 400


def comes_in(room_id: UUID, account_id: UUID) -> None:
    """Count somebody who is about to come in by a request.

    :raises StorageUnavailable: if nobody can tell whether it is counted.
    """
    board().asking(room_id, account_id).result(PATIENCE_S)


class RenewingMiddleware:
    """Lets whoever is connected by requests be so for longer, by any request about the room."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count the request."""
        response = self._get_response(request)
        if response.status_code < REFUSED and request.resolver_match is not None:
            account_id = getattr(getattr(request, "user", None), "account_id", None)
            room_id = _room(request.resolver_match.kwargs.get("room_id"))
            if account_id is not None and room_id is not None:
                board().renewed(room_id, account_id)
        return response


def _room(text: str | None) -> UUID | None:
    try:
        return parse("room", text) if text is not None else None
    except ValueError:
        return None
