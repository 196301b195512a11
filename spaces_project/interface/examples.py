"""An example of anything that a schema describes: always the same, always valid."""

from typing import Any, Final

from spaces_project.kernel.schemas import AT, NAMED, Schema

TEXTS: Final = {
    "name": "Ana Ferreira", "handle": "ana", "title": "Evening talk", "description": "On books.",
    "bio": "Tea.", "token": "eyJhbGciOiJIUzI1NiIs…", "detail": "Seven of seven seats are taken.",
    "type": "/problems/stage-is-full", "code": "stage-is-full", "text": "Chapter three",
    "reason": "Shouting.", "request_id": "req_01k9z6vw5gf3t8m2c4x7r1pq0n", "lang": "en",
    "url": "https://example.org/three", "query": "books", "password": "a long made up sentence",
    "scopes": "rooms:read",
}  # fmt: skip
NUMBERS: Final = {"status": 409, "seq": 12, "stage_size": 12, "participant_count": 7}
DEEPEST: Final = 6


def example_of(schema: Schema, name: str = "", depth: int = 0) -> Any:
    """Return a value that fits, told apart by the name of the member that holds it."""
    if "$ref" in schema:
        return example_of(NAMED[schema["$ref"].removeprefix(AT)], name, depth)
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    for choice in schema.get("oneOf") or schema.get("anyOf") or ():
        return example_of(choice, name, depth)
    kind = schema.get("type", "object")
    return _example_of_kind(kind[0] if isinstance(kind, list) else kind, schema, name, depth)


def _example_of_kind(kind: str, schema: Schema, name: str, depth: int) -> Any:
    match kind:
        case "object":
            members = schema.get("properties", {})
            return {member: example_of(s, member, depth + 1) for member, s in members.items()}
        case "array":
            return [] if depth > DEEPEST else [example_of(schema["items"], name, depth + 1)]
        case "string":
            if schema.get("format") == "uri":
                return "https://spaces.example/api/v1/rooms?cursor=cD0y"
            return TEXTS.get(name, "books")
        case "integer" | "number":
            return max(NUMBERS.get(name, 0), schema.get("minimum", 0))
        case "boolean":
            return False
    return None
