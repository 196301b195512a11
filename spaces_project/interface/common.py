"""What all operations have in common: headers, problems, ways to say who one is."""

import re
from http import HTTPStatus
from typing import Any, Final

from spaces_project.interface.described import BASE
from spaces_project.kernel.refusals import Kind
from spaces_project.kernel.schemas import identifier
from spaces_project.kernel.web.media_forwarding import is_media
from spaces_project.kernel.web.operations import PROBLEM, Operation
from spaces_project.scopes import SCOPES

PROBLEM_TYPE: Final = "application/problem+json"

SECURITY: Final[dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token of `POST tokens`, or of the configured OpenID provider.",
    },
    "api_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A server's API key, in the same header; each operation names its scope.",
    },
}
_HEADERS: Final = {
    "X-Request-Id": "The name of this request, in logs and in problems.",
    "ETag": "The version of what is shown or was commanded.",
    "Position": "Where the command stands in the log; send it as `Min-Position` with a GET.",
    "Idempotent-Replayed": "`true`, if this is the first answer to this key, given again.",
    "Location": "The address of what was made.",
    "Retry-After": "When to come back, in seconds.",
    "WWW-Authenticate": "How to say who you are.",
    "Cache-Control": "Who may keep it: nobody, for sound.",
    "Accept-Patch": "What a PATCH of the session may contain.",
    "RateLimit": "What is left of the limit (draft-ietf-httpapi-ratelimit-headers).",
    "RateLimit-Policy": "The limit.",
}
HEADERS: Final[dict[str, Any]] = {
    name: {"description": about, "schema": {"type": "string"}} for name, about in _HEADERS.items()
}
_PARAMETERS: Final = {
    "Min-Position": (
        {"type": "string", "pattern": "^[0-9]{1,18}$"},
        "Wait, at most 2 s, until what is read has reached this `Position`.",
    ),
    "Idempotency-Key": (
        {"type": "string", "minLength": 1, "maxLength": 255},
        "Names the wish: asked again under the same key, it happens once.",
    ),
    "On-Behalf-Of": (identifier("acc"), "For whom an operator's key asks."),
    "If-Match": (
        {"type": "string", "pattern": r'^(W/)?"?[0-9]{1,18}(\.[0-9.]*)?"?$|^\*$'},
        "Only if what is commanded has still this `ETag`.",
    ),
    "If-None-Match": ({"type": "string"}, "Answer 304 if it has still this `ETag`."),
}
PARAMETERS: Final[dict[str, Any]] = {
    name: {"name": name, "in": "header", "required": False, "schema": schema, "description": about}
    for name, (schema, about) in _PARAMETERS.items()
}
ALWAYS: Final = ("X-Request-Id", "RateLimit", "RateLimit-Policy")
OF_COMMANDS: Final = ("ETag", "Position", "Idempotent-Replayed")
_MORE: Final = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}

ANY: Final = (Kind.INVALID, Kind.UNAUTHENTICATED, Kind.FORBIDDEN, Kind.NOT_ACCEPTABLE,
              Kind.TOO_MANY, Kind.UNAVAILABLE)  # fmt: skip
OF_ONE: Final = (Kind.NOT_FOUND, Kind.CONFLICT, Kind.GONE)
OF_A_COMMAND: Final = (Kind.CONFLICT, Kind.GONE, Kind.PRECONDITION, Kind.TOO_LARGE,
                       Kind.MEDIA_TYPE, Kind.UNPROCESSABLE)  # fmt: skip


def scope_of(method: str, path: str) -> str | None:
    """Return which scope a server's key needs; None: no key may do it."""
    action = f"{method} {re.sub('{[^}]*}', '{}', path.removeprefix(BASE))}"
    return SCOPES["media"] if is_media(path) else SCOPES.get(action)


def security(method: str, path: str) -> list[dict[str, list[str]]]:
    """Return how one may say who one is."""
    scope = scope_of(method, path)
    return [{"token": []}, *([{"api_key": [scope]}] if scope else [])]


def headers(names: tuple[str, ...]) -> dict[str, Any]:
    """Return references to headers of answers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *ALWAYS)}


def is_command(operation: Operation, method: str) -> bool:
    """Tell whether it takes keys and versions, and answers with a position."""
    return method != "GET" if operation.command is None else operation.command


def kinds_of(operation: Operation, method: str, path: str) -> list[Kind]:
    """Return every kind of no that it may answer, by status."""
    kinds = {*ANY, *operation.problems, *(refusal.kind for refusal in operation.refusals)}
    if "{" in path:
        kinds.update(OF_ONE)
    if is_command(operation, method):
        kinds.update(OF_A_COMMAND)
    elif operation.body is not None:
        kinds.update((Kind.TOO_LARGE, Kind.MEDIA_TYPE))
    return sorted(kinds, key=lambda kind: kind.value)


def problem_responses() -> dict[str, Any]:
    """Return an answer for every kind of no."""
    return {_name(kind): _problem_response(kind) for kind in Kind}


def problem_reference(kind: Kind) -> dict[str, str]:
    """Return what refers to one of them."""
    return {"$ref": f"#/components/responses/{_name(kind)}"}


def _problem_response(kind: Kind) -> dict[str, Any]:
    return {
        "description": HTTPStatus(kind.value).phrase,
        "headers": headers(_MORE.get(kind.value, ())),
        "content": {PROBLEM_TYPE: {"schema": PROBLEM}},
    }


def _name(kind: Kind) -> str:
    return kind.name.title().replace("_", "")
