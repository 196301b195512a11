"""Every no over HTTP is a problem document (RFC 9457); there is no other kind of error."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError as DjangoInterfaceError
from django.db import OperationalError as DjangoOperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from spaces_project.kernel.commands import LOST
from spaces_project.kernel.refusals import (
    InvalidRequest,
    NotAcceptable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Refusal,
    StorageUnavailable,
    TooManyRequests,
    Unexpected,
    WrongMediaType,
    WrongMethod,
)
from spaces_project.kernel.web.request_id import request_id_of

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

_KNOWN: Mapping[type[Exception], type[Refusal]] = {
    exceptions.NotAuthenticated: NotAuthenticated,
    exceptions.AuthenticationFailed: NotAuthenticated,
    exceptions.PermissionDenied: NotAllowed,
    exceptions.NotFound: NotFound,
    exceptions.MethodNotAllowed: WrongMethod,
    exceptions.NotAcceptable: NotAcceptable,
    exceptions.Throttled: TooManyRequests,
    Http404: NotFound,
    PermissionDenied: NotAllowed,
}


def answer_with_problem(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Return the problem document of whatever a view raised; DRF's exception handler."""
    set_rollback()
    request = context["request"]
    refusal = refusal_of(error, request_id_of(request._request))
    response = problem_response(refusal, request._request)
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def refusal_of(error: Exception, request_id: str | None = None) -> Refusal:
    """Return the refusal behind an exception; the unknown is logged and told as such."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, exceptions.ValidationError):
        return InvalidRequest(errors=list(_pointers(error.detail, "")))
    if isinstance(error, exceptions.ParseError):
        return InvalidRequest(str(error.detail))
    if isinstance(error, (*LOST, DjangoOperationalError, DjangoInterfaceError)):
        log.warning("the database did not answer: %s", error)
        return StorageUnavailable(retry_after_s=2)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return WrongMediaType("Send application/json, and say so in Content-Type.")
    if known := next((r for e, r in _KNOWN.items() if isinstance(error, e)), None):
        return known()
    log.error("unexpected, in %s", request_id or "a socket", exc_info=error)
    return Unexpected()


def problem_response(refusal: Refusal, request: HttpRequest | None) -> HttpResponse:
    """Return the HTTP answer of a refusal, with the headers that its kind calls for."""
    request_id = request_id_of(request) if request is not None else None
    response = HttpResponse(
        orjson.dumps(refusal.problem(request_id)),
        status=refusal.status,
        content_type=CONTENT_TYPE,
    )
    if isinstance(refusal, NotAuthenticated):
        response["WWW-Authenticate"] = 'Bearer realm="spaces"'
    if retry_after := refusal.facts.get("retry_after_s"):
        response["Retry-After"] = str(retry_after)
    return response


def _pointers(detail: Any, path: str) -> Any:
    """Yield ``{"pointer", "detail"}`` for each message (JSON Pointer, RFC 6901)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from _pointers(inner, path + step)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            is_message = not isinstance(inner, dict | list)
            yield from _pointers(inner, path if is_message else f"{path}/{place}")
    else:
        yield {"pointer": path or "/", "detail": str(detail)}
