"""JSON Schema (2020-12) by hand: what answers, frames and wishes look like, said once.

A schema is a plain object. One with a name is kept here under that name and referred to by
``$ref``; OpenAPI and AsyncAPI keep what they refer to under the same address.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = dict[str, Any]

AT: Final = "#/components/schemas/"
NAMED: Final[dict[str, Schema]] = {}
ID_LETTERS: Final = "[0-7][0-9a-hjkmnp-tv-z]{25}"

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
TIME: Final[Schema] = {
    "type": "string",
    "format": "date-time",
    "description": "RFC 3339, UTC, milliseconds.",
    "examples": ["2026-11-20T10:40:59.615Z"],
}


def named(name: str, schema: Schema) -> Schema:
    """Keep a schema under a name; return what refers to it."""
    assert NAMED.setdefault(name, schema) == schema, f"two schemas are called {name}"
    return {"$ref": AT + name}


def thing(
    members: Mapping[str, Schema],
    maybe: Mapping[str, Schema] | None = None,
    about: str | None = None,
) -> Schema:
    """Return an object that always has ``members``, and sometimes those of ``maybe``."""
    found: Schema = {"type": "object", "properties": {**members, **(maybe or {})}}
    if members:
        found["required"] = list(members)
    return found | ({"description": about} if about else {})


def list_of(item: Schema, about: str | None = None) -> Schema:
    """Return an array of such items."""
    return {"type": "array", "items": item} | ({"description": about} if about else {})


def word(*choices: str, about: str | None = None) -> Schema:
    """Return one of these words."""
    return {"type": "string", "enum": list(choices)} | ({"description": about} if about else {})


def maybe(schema: Schema) -> Schema:
    """Return the same, or null."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"oneOf": [schema, {"type": "null"}]}


def identifier(prefix: str, example: str = "01k9z6vw5gf3t8m2c4x7r1pq0n") -> Schema:
    """Return a public identifier of one kind."""
    return {
        "type": "string",
        "pattern": f"^{prefix}_{ID_LETTERS}$",
        "examples": [f"{prefix}_{example}"],
    }


def told(schema: Schema, about: str) -> Schema:
    """Return the same with a sentence about it."""
    return {**schema, "description": about}


def page_of(name: str, item: Schema) -> Schema:
    """Return one page of a list, as ``kernel/web/pages.py`` makes it."""
    address = told(maybe({"type": "string", "format": "uri"}), "The address of that page, or null.")
    return named(name, thing({"next": address, "previous": address, "results": list_of(item)}))


def names_in(schema: Any) -> Iterator[str]:
    """Yield the name of every schema that is referred to."""
    if isinstance(schema, Mapping):
        ref = schema.get("$ref")
        if isinstance(ref, str) and ref.startswith(AT):
            yield ref.removeprefix(AT)
        for inner in schema.values():
            yield from names_in(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from names_in(inner)


def with_what_it_names(document: Any) -> dict[str, Schema]:
    """Return every named schema that a document needs, those that they need included."""
    found: dict[str, Schema] = {}
    waiting = list(names_in(document))
    while waiting:
        name = waiting.pop()
        if name not in found and name in NAMED:
            found[name] = NAMED[name]
            waiting += names_in(NAMED[name])
    return dict(sorted(found.items()))
