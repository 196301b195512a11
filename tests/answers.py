"""Whether what was answered over REST is what the OpenAPI document says: all of it, and no more."""

import re
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from spaces_project.interface.openapi import openapi
from spaces_project.interface.operation import not_told
from tests.schemas import closed, faults_in

BODIES = ("application/json", "application/problem+json")


class NotAsDescribed(AssertionError):
    """An answer that clients were not told of."""


def check_answer(
    method: str, path: str, query: str, sent: bytes, status: int, headers: Any, body: bytes
) -> None:
    """Hold an answer against the document.

    :raises NotAsDescribed: saying what to mend, and where.
    """
    found = operation_at(method, path)
    if found is None:
        if status not in (404, 405):
            told = not_told(method, path)
            raise NotAsDescribed(
                f"{method} {path} answered {status} and stands in no document. {told}"
            )
        return
    name, operation = found
    line = f"{name} ({method} {path}) answered {status}"
    answers = operation["responses"]
    if str(status) not in answers:
        raise NotAsDescribed(
            f"{line}, but is described with {', '.join(answers)}. Add the kind to `problems`, or "
            f"the status to `also`, of its Operation in its app's api/operations.py.\n"
            f"{body[:500]!r}"
        )
    where = f"{_pointer(method, name)}/responses/{status}"
    _check_body(line, where, answers[str(status)], headers, body)
    if status < 300:
        _check_wish(line, method, name, operation, query, sent)
        missing = [h for h in ("ETag", "Position") if _promises(operation, status, h)
                   and headers.get(h) is None]  # fmt: skip
        if missing:
            raise NotAsDescribed(f"{line} without {' and '.join(missing)}.")


def operation_at(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """Return the described address that a path means, and its operation."""
    for pattern, template, item in _addresses():
        if pattern.fullmatch(path):
            operation = item.get(method.lower())
            return (template, operation) if operation else None
    return None


def _check_body(line: str, where: str, answer: Any, headers: Any, body: bytes) -> None:
    ref = answer.get("$ref")
    content = _at(openapi(), ref.removeprefix("#"))["content"] if ref else answer.get("content", {})
    where = ref.removeprefix("#") if ref else where
    if not content:
        if body:
            raise NotAsDescribed(f"{line} with a body, but is described without one.")
        return
    kind = (headers.get("Content-Type") or "").partition(";")[0]
    if kind not in content:
        raise NotAsDescribed(f"{line} as {kind}, but is described as {', '.join(content)}.")
    if kind in BODIES:
        place = f"{where}/content/{kind.replace('/', '~1')}/schema"
        _check(line, place, orjson.loads(body), "Mend its schema in its app's api/schemas.py")


def _check_wish(line: str, method: str, name: str, operation: Any, query: str, sent: bytes) -> None:
    known = {p["name"] for p in operation["parameters"] if p.get("in") == "query"}
    asked = {part.partition("=")[0] for part in query.split("&") if part}
    if asked - known:
        raise NotAsDescribed(
            f"{line} to {', '.join(asked - known)}, of which clients are not told. Add it to "
            f"`query` of its Operation in its app's api/operations.py."
        )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if sent and body and (wish := orjson.loads(sent)):
        place = f"{_pointer(method, name)}/requestBody/content/application~1json/schema"
        _check(f"{line} to {wish}", place, wish, "Mend the serializer that its Operation names")


def _check(line: str, place: str, found: Any, what_to_do: str) -> None:
    faults = faults_in(found, _validator(place))
    if faults:
        raise NotAsDescribed(f"{line}. {what_to_do}:\n" + "\n".join(faults))


def _promises(operation: Any, status: int, header: str) -> bool:
    return header in operation["responses"][str(status)].get("headers", {})


def _pointer(method: str, template: str) -> str:
    return f"/paths/{template.replace('/', '~1')}/{method.lower()}"


@cache
def _validator(place: str) -> Any:
    document = _closed_document()
    return jsonschema_rs.Draft202012Validator(
        {**_at(document, place), "components": document["components"]}, validate_formats=True
    )


@cache
def _closed_document() -> Any:
    return closed(openapi())


def _at(document: Any, pointer: str) -> Any:
    """Return what a JSON Pointer means (RFC 6901)."""
    for step in pointer.split("/")[1:]:
        document = document[step.replace("~1", "/")]
    return document


@cache
def _addresses() -> list[tuple[re.Pattern[str], str, Any]]:
    """Return every address, those without parameters first."""
    paths = sorted(openapi()["paths"].items(), key=lambda known: known[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, item) for path, item in paths]


def watched(generic: Any) -> Any:
    """Return the test client's ``generic`` with each of its answers held against the document."""

    def ask(self: Any, method: str, path: str, data: Any = "", *words: Any, **options: Any) -> Any:
        response = generic(self, method, path, data, *words, **options)
        query = options.get("QUERY_STRING") or path.partition("?")[2]
        sent = data.encode() if isinstance(data, str) else bytes(data)
        check_answer(
            method,
            path.partition("?")[0],
            query,
            sent,
            response.status_code,
            response.headers,
            response.content,
        )
        return response

    return ask
