"""The OpenAPI document as every language tells it: named things, members, calls."""

import re
from dataclasses import dataclass
from typing import Any, Final

from spaces_project.interface.asyncapi import CHANNELS
from spaces_project.interface.openapi import openapi
from spaces_project.kernel.schemas import Schema
from spaces_project.kernel.sockets.channels_told import CLOSES

JSON: Final = "application/json"
_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_WORD: Final = re.compile(r"[^a-zA-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    in_path: tuple[str, ...]
    query: tuple[tuple[str, Schema, bool], ...]  # name, what it takes, whether it is needed
    body: Schema | None
    body_type: str
    answer: Schema | None
    answer_type: str


def camel(words: str) -> str:
    """Return ``raise_hand`` as ``raiseHand``."""
    first, *rest = _WORD.split(words)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def pascal(words: str) -> str:
    """Return ``hand.raise`` as ``HandRaise``."""
    return "".join(part[:1].upper() + part[1:] for part in _WORD.split(words))


def schemas() -> dict[str, Schema]:
    """Return every named schema."""
    found: dict[str, Schema] = openapi()["components"]["schemas"]
    return found


def calls() -> list[Call]:
    """Return every operation, by its name."""
    found = [
        _call(method.upper(), path, operation)
        for path, item in openapi()["paths"].items()
        for method, operation in item.items()
    ]
    return sorted(found, key=lambda call: call.id)


def events() -> dict[str, Schema]:
    """Return the data of every event of a room, by its type."""
    return {
        kind: schema["properties"]["data"]
        for kind, (_, schema) in _room().says.items()
        if {"seq", "id", "data"} <= set(schema["properties"])
    }


def commands() -> dict[str, Schema]:
    """Return the data of every command of a room's socket, by its type."""
    return {kind: schema["properties"]["data"] for kind, (_, schema) in _room().commands.items()}


def ephemeral() -> dict[str, Schema]:
    """Return the frames that are no events and no answers, by their type."""
    answers = {"snapshot", "redacted", "ack", "error", "ping", "pong"}
    return {
        kind: schema
        for kind, (_, schema) in _room().says.items()
        if kind not in answers and "id" not in schema["properties"]
    }


def final_codes() -> list[int]:
    """Return the close codes after which nobody should come back."""
    return sorted(code for code, (_, back) in CLOSES.items() if back == "no")


def _room() -> Any:
    return next(channel for channel in CHANNELS if channel.name == "room")


def _call(method: str, path: str, operation: Any) -> Call:
    query = tuple(
        (known["name"], known["schema"], known["required"])
        for known in operation["parameters"]
        if known.get("in") == "query"
    )
    sent = operation.get("requestBody", {}).get("content", {})
    answers = [a for a in operation["responses"].values() if "$ref" not in a]
    answered = answers[0].get("content", {})
    body_type, answer_type = next(iter(sent), JSON), next(iter(answered), JSON)
    return Call(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        tuple(_IN_PATH.findall(path)),
        query,
        sent[body_type]["schema"] if sent else None,
        body_type,
        answered[answer_type]["schema"] if answered else None,
        answer_type,
    )


def variants(schema: Schema) -> tuple[list[Schema], bool]:
    """Return what a schema may be, without null, and whether it may be null."""
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        found: list[Schema] = []
        null = False
        for choice in choices:
            inner, inner_null = variants(choice)
            found += [one for one in inner if one not in found]
            null |= inner_null
        return found, null
    kinds = schema.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        return [{**schema, "type": kind} for kind in rest], "null" in kinds
    if kinds == "null":
        return [], True
    if None in schema.get("enum", ()):
        return [{**schema, "enum": [word for word in schema["enum"] if word is not None]}], True
    return [schema], False
