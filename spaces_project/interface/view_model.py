"""The OpenAPI document as the page under ``/api/docs`` shows it: words in the order of reading."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson

from spaces_project.interface.openapi import openapi

REF: Final = "#/components/"
_IDENTIFIER: Final = re.compile(r"\^([a-z]+)_\[")


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, a header, or a member of an object."""

    name: str
    kind: str
    about: str
    needed: bool
    schema: str = ""  # the named schema that it is made of, if any


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered."""

    media_type: str
    kind: str
    schema: str
    members: list[Member]
    example: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    open: bool
    parameters: list[Member]
    body: Body | None
    answers: list[tuple[str, str, Body | None]]
    problems: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownSchema:
    """One named schema."""

    name: str
    about: str
    kind: str
    members: list[Member]
    example: str


@cache
def sections() -> list[tuple[str, str, list[Shown]]]:
    """Return name, sentence and operations of each part of the interface."""
    document = openapi()
    found: dict[str, list[Shown]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            found[operation["tags"][0]].append(_shown(method.upper(), path, operation))
    return [(tag["name"], tag["description"], found[tag["name"]]) for tag in document["tags"]]


@cache
def schemas() -> list[ShownSchema]:
    """Return every named schema."""
    known = openapi()["components"]["schemas"]
    return [
        ShownSchema(
            name,
            schema.get("description", ""),
            kind_of(schema),
            members_of(schema),
            _json(schema["examples"][0]) if schema.get("type") == "object" else "",
        )
        for name, schema in known.items()
    ]


def kind_of(schema: Any) -> str:
    """Return in a few words what a schema takes."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(f'"{choice}"' for choice in schema["enum"])
    if "const" in schema:
        return orjson.dumps(schema["const"]).decode()
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return " | ".join(kind_of(choice) for choice in choices)
    kinds = schema.get("type", "anything")
    if kinds == "string":
        return _text_of(schema)
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    if "array" in words:
        words[words.index("array")] = f"list of {kind_of(schema.get('items', {}))}"
    return " | ".join(words) + _bounds(schema)


def members_of(schema: Any) -> list[Member]:
    """Return the members of an object."""
    needed = schema.get("required", ())
    return [
        Member(name, kind_of(inner), inner.get("description", ""), name in needed, _named(inner))
        for name, inner in schema.get("properties", {}).items()
    ]


def _text_of(schema: Any) -> str:
    """Return what kind of text: an identifier of some kind, a time, or any."""
    prefix = _IDENTIFIER.match(schema.get("pattern", ""))
    if prefix:
        return f"{prefix[1]}_…"
    return "time" if schema.get("format") == "date-time" else "text"


def _bounds(schema: Any) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    return f", {low} to {high}" if low is not None and high is not None else ""


def _named(schema: Any) -> str:
    inner = schema.get("items", schema)
    for choice in (inner, *inner.get("oneOf", ())):
        if "$ref" in choice:
            return str(choice["$ref"]).rsplit("/", 1)[-1]
    return ""


def _shown(method: str, path: str, operation: Any) -> Shown:
    sent = operation.get("requestBody")
    fine, problems = [], []
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            problems.append((status, _resolved(answer["$ref"])["description"]))
        else:
            fine.append((status, answer["description"], _body(answer.get("content"))))
    return Shown(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        operation.get("description", ""),
        not operation["security"],
        [_parameter(known) for known in operation["parameters"]],
        _body(sent["content"]) if sent else None,
        fine,
        problems,
    )


def _parameter(known: Any) -> Member:
    known = _resolved(known["$ref"]) if "$ref" in known else known
    place = {"query": "query", "header": "header", "path": "path"}[known["in"]]
    return Member(
        known["name"],
        f"{place}, {kind_of(known['schema'])}",
        known.get("description", ""),
        known["required"],
        _named(known["schema"]),
    )


def _body(content: Any) -> Body | None:
    for media_type, about in (content or {}).items():
        schema = about["schema"]
        example = _json(about["example"]) if "example" in about else ""
        return Body(media_type, kind_of(schema), _named(schema), members_of(schema), example)
    return None


def _resolved(ref: str) -> Any:
    place, _, name = ref.removeprefix(REF).partition("/")
    return openapi()["components"][place][name]


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
