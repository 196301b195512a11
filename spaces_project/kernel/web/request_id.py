"""Every request has a name that stands in its answer and in the logs."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from spaces_project.kernel.ids import new_id, public

HEADER: Final = "X-Request-Id"
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def harmless_or_new(given: str) -> str:
    """Return the request id that a client gave if it is harmless, else a new one."""
    return given if _ACCEPTABLE.fullmatch(given) else public("req", new_id())


class RequestIdMiddleware:
    """Takes the client's request id if it is harmless, else gives one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request and its answer."""
        request_id = harmless_or_new(request.headers.get(HEADER, ""))
        request.META["spaces.request_id"] = request_id
        response = self._get_response(request)
        response[HEADER] = request_id
        return response


def request_id_of(request: HttpRequest) -> str | None:
    """Return the name of a request, None outside of the middleware."""
    found: str | None = request.META.get("spaces.request_id")
    return found
