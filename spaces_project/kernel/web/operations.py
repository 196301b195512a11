"""What clients are told of an address: its name, what it takes, what it answers.

Each app lists its operations in ``api/operations.py`` under ``METHOD path``. What all have in
common (headers, problems, security) is added where the document is made, in
``spaces_project/interface``.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from spaces_project.kernel.refusals import Kind, Refusal
from spaces_project.kernel.schemas import Schema, identifier, named, thing

Operations = dict[str, "Operation"]

PROBLEM: Final = named(
    "Problem",
    thing(
        {
            "type": {"type": "string", "description": "A page that says what to do."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string", "description": "For machines; it never changes."},
        },
        {
            "detail": {"type": "string"},
            "request_id": {"type": "string"},
            "retry_after_s": {"type": "number", "description": "When to come back, in seconds."},
            "errors": {
                "type": "array",
                "items": thing({"pointer": {"type": "string"}, "detail": {"type": "string"}}),
            },
        },
        "A no (RFC 9457). Some problems carry facts of their own beside these members.",
    )
    | {"additionalProperties": True},
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a path or a query."""

    schema: Schema
    about: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    ``answer`` is the schema of its success (None: no body), ``status`` its status. ``body`` is the
    serializer of the request, or a schema under ``body_type``. ``command`` tells that it takes
    ``Idempotency-Key`` and ``If-Match`` and answers with ``ETag`` and ``Position``; what is not
    said follows from the method. ``refusals`` are the noes worth naming; ``problems`` adds kinds
    that the method alone does not lead to.
    """

    id: str
    answer: Schema | None
    status: int = 200
    also: dict[int, Schema | None] = field(default_factory=dict)
    body: Any = None
    body_type: str = "application/json"
    answer_type: str = "application/json"
    query: dict[str, Parameter] = field(default_factory=dict)
    refusals: tuple[type[Refusal], ...] = ()
    problems: tuple[Kind, ...] = ()
    headers: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    open: bool = False
    command: bool | None = None
    summary: str | None = None
    about: str = ""
    example: Any = None
    sent: Any = None


PATH: Final[dict[str, Parameter]] = {
    "room_id": Parameter(identifier("room"), "The room."),
    "account": Parameter(identifier("acc"), "The account."),
    "account_id": Parameter(
        {"oneOf": [identifier("acc"), {"const": "me"}]}, "The person; `me` is who asks."
    ),
    "endpoint_id": Parameter(identifier("whe"), "The webhook endpoint."),
    "key_id": Parameter(identifier("key"), "The key."),
    "pin_id": Parameter(identifier("pin"), "The pin."),
    "segment": Parameter(
        {"type": "string", "pattern": "^[0-9]{1,18}$"}, "The number of a piece of the stream."
    ),
    "session_id": Parameter(identifier("ses"), "The session of sound."),
}
LIMIT: Final = Parameter(
    {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "How many at most."
)
CURSOR: Final = Parameter({"type": "string"}, "From `next` or `previous` of another page.")
PAGED: Final = {"limit": LIMIT, "cursor": CURSOR}
