"""Limits over REST: counted before a view runs, told in the headers of every answer."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from spaces_project.kernel.authentication import identify
from spaces_project.kernel.limits.addresses import client_address
from spaces_project.kernel.limits.counting import Allowance, hit
from spaces_project.kernel.limits.fields import fields
from spaces_project.kernel.refusals import NotAuthenticated, TooManyRequests
from spaces_project.kernel.web.problems import problem_response

API: Final = "/api/"
ALL: Final = "rest"


class RateLimits:
    """Counts each request to the interface, for its account or, without one, its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, unless it is one too many."""
        if not request.path_info.startswith(API):
            return self._get_response(request)
        try:
            count(request, ALL, _asker(request))
            response = self._get_response(request)
        except TooManyRequests as refusal:
            response = problem_response(refusal, request)
        for name, value in fields(_allowances(request)).items():
            response[name] = value
        return response


def count(request: HttpRequest, name: str, subject: object, once: str | None = None) -> None:
    """Count a request on a limit; its answer tells what is left.

    :raises TooManyRequests: if it is one too many.
    """
    allowance = hit(name, subject, once)
    tell(request, allowance)
    if allowance is not None:
        allowance.must_be_granted()


def tell(request: HttpRequest, allowance: Allowance | None) -> None:
    """Let the answer of a request tell what is left."""
    if allowance is not None:
        _allowances(request).append(allowance)


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from."""
    forwarded_for = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(request.META["REMOTE_ADDR"], forwarded_for, settings.TRUSTED_PROXIES)


def _allowances(request: HttpRequest) -> list[Allowance]:
    found: list[Allowance] = request.__dict__.setdefault("spaces_allowances", [])
    return found


def _asker(request: HttpRequest) -> str:
    """Return for whom a request counts; a token that is none speaks for its address."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            return identify(token.strip()).account_id.hex
        except NotAuthenticated:
            pass
    return address_of(request)
