"""One operation, as OpenAPI says it."""

import inspect
import logging
import re
from http import HTTPStatus
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry
from rest_framework.serializers import BaseSerializer

from spaces_project.interface import common
from spaces_project.interface.described import BASE, described
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.operations import PATH, Operation

log = logging.getLogger(__name__)
_IN_PATH: Final = re.compile(r"\{(\w+)\}")


def not_told(method: str, path: str) -> str:
    """Say of an address that clients are not told of it, and what to write."""
    line = f"{method} {path.removeprefix(BASE)}"
    return (
        f'Clients are not told of {line}. Write "{line}": Operation("verb_noun", ANSWER, …) into '
        f"the api/operations.py of its app (they are listed in "
        f"spaces_project/interface/described.py); what it answers stands in its schemas.py."
    )


def no_request(*_words: Any) -> None:
    """Make up no request: what is described depends on none."""


class DescribedSchema(AutoSchema):
    """Says of a view what its app says of it; drf-spectacular reads the serializers."""

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> dict[str, Any] | None:
        """Return the operation; None, which leaves it out, if nobody has described it."""
        self.registry, self.method, self.path = registry, method.upper(), path
        del path_regex, path_prefix
        known = described().get((self.method, path))
        if known is None:
            log.warning(not_told(self.method, path))
            return None
        tag, operation = known
        doc = inspect.getdoc(getattr(self.view, method.lower())) or ""
        reads = isinstance(self.view, MinPositionView) and self.method == "GET"
        body = self._body(operation)
        return operation_object(self.method, path, tag, operation, doc, body=body, reads=reads)

    def _body(self, operation: Operation) -> dict[str, Any] | None:
        shape = operation.body
        if not (inspect.isclass(shape) and issubclass(shape, BaseSerializer)):
            return shape if isinstance(shape, dict) else None
        schema: dict[str, Any] = self._map_serializer(shape(), "request")  # type: ignore[no-untyped-call]
        return schema | {"additionalProperties": False}


def operation_object(
    method: str,
    path: str,
    tag: str,
    operation: Operation,
    doc: str,
    *,
    body: dict[str, Any] | None,
    reads: bool,
) -> dict[str, Any]:
    """Return the Operation Object (OpenAPI 3.1.1, section 4.8.10)."""
    summary, _, more = (operation.summary or doc).partition("\n\n")
    about = "\n\n".join(part for part in (more, operation.about, _refusals(operation)) if part)
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": summary.replace("``", "`"),
        "tags": [tag],
        "parameters": _parameters(method, path, operation, reads=reads),
        "responses": _responses(method, path, operation),
        "security": [] if operation.open else common.security(method, path),
    }
    if about:
        found["description"] = about.replace("``", "`")
    if body is not None:
        content: dict[str, Any] = {"schema": body}
        if operation.sent is not None:
            content["example"] = operation.sent
        required = bool(body.get("required")) or operation.body_type != "application/json"
        found["requestBody"] = {"content": {operation.body_type: content}, "required": required}
    return found


def _refusals(operation: Operation) -> str:
    told = [f"`{refusal.code}` ({refusal.kind.value})" for refusal in operation.refusals]
    return f"Says no with {', '.join(told)}." if told else ""


def _parameters(
    method: str, path: str, operation: Operation, *, reads: bool
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in _IN_PATH.findall(path):
        known = PATH[name]
        found.append({"name": name, "in": "path", "required": True, "schema": known.schema,
                      "description": known.about})  # fmt: skip
    for name, known in operation.query.items():
        found.append({"name": name, "in": "query", "required": known.required,
                      "schema": known.schema, "description": known.about})  # fmt: skip
    takes = list(operation.takes)
    takes += ["On-Behalf-Of"] if common.scope_of(method, path) and not operation.open else []
    takes += ["Min-Position"] if reads else []
    takes += ["Idempotency-Key", "If-Match"] if common.is_command(operation, method) else []
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in takes]


def _responses(method: str, path: str, operation: Operation) -> dict[str, Any]:
    own = operation.headers
    if common.is_command(operation, method):
        own = tuple(dict.fromkeys((*own, *common.OF_COMMANDS)))
    found: dict[str, Any] = {}
    for status, schema in {operation.status: operation.answer, **operation.also}.items():
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "headers": common.headers(own),
        }
        if schema is not None:
            content: dict[str, Any] = {"schema": schema}
            if operation.example is not None and status == operation.status:
                content["example"] = operation.example
            found[str(status)]["content"] = {operation.answer_type: content}
    for kind in common.kinds_of(operation, method, path):
        found[str(kind.value)] = common.problem_reference(kind)
    return found
