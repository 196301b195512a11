"""The schemas as languages with classes tell them: every object has a name, every text is a text.

An enumeration stays a text: a word that comes later must not break an app that is installed.
"""

from dataclasses import dataclass
from typing import Any, Final

from spaces_project.interface.clients import model
from spaces_project.kernel.schemas import AT, Schema

TEXT: Final = "text"
INTEGER: Final = "integer"
NUMBER: Final = "number"
FLAG: Final = "flag"
ANYTHING: Final = "anything"
NOTHING: Final = "nothing"
_KINDS: Final = {"string": TEXT, "integer": INTEGER, "number": NUMBER, "boolean": FLAG}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a member holds: one of the words above, a class, ``list`` or ``map`` of another."""

    word: str
    of: "Kind | None" = None


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a class."""

    name: str
    kind: Kind
    optional: bool  # may be missing, or null
    about: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One class."""

    name: str
    about: str
    members: tuple[Member, ...]


class Shapes:
    """Collects classes while schemas are read."""

    def __init__(self) -> None:
        self.known: dict[str, Shape] = {}
        for name, schema in model.schemas().items():
            if schema.get("properties"):
                self._shape(name, schema)

    def kind(self, schema: Schema, name: str) -> Kind:
        """Return the kind of a schema; an object without a name gets this one."""
        found, _ = model.variants(schema)
        kinds = list(dict.fromkeys(self._kind(one, name) for one in found))
        return kinds[0] if len(kinds) == 1 else Kind(ANYTHING)

    def _kind(self, schema: Any, name: str) -> Kind:
        if "$ref" in schema:
            return self._named(str(schema["$ref"]).removeprefix(AT))
        match schema.get("type"):
            case "array":
                return Kind("list", self.kind(schema.get("items", {}), f"{name}Item"))
            case "object" if (
                schema.get("properties") and schema.get("additionalProperties") is not True
            ):
                return self._shape(name, schema)
            case "object" if isinstance(schema.get("additionalProperties"), dict):
                return Kind("map", self.kind(schema["additionalProperties"], f"{name}Value"))
        if "const" in schema or "enum" in schema:
            return Kind(TEXT)
        return Kind(_KINDS.get(str(schema.get("type")), ANYTHING))

    def _named(self, name: str) -> Kind:
        schema = model.schemas()[name]
        return Kind(name) if schema.get("properties") else self.kind(schema, name)

    def _shape(self, name: str, schema: Schema) -> Kind:
        if name not in self.known:
            needed = schema.get("required", ())
            self.known[name] = Shape(
                name,
                _sentence(schema),
                tuple(
                    Member(
                        member,
                        self.kind(inner, f"{name}{model.pascal(member)}"),
                        member not in needed or model.variants(inner)[1],
                        _sentence(inner),
                    )
                    for member, inner in schema["properties"].items()
                ),
            )
        return Kind(name)


def _sentence(schema: Schema) -> str:
    """Return what a schema is about, on one line."""
    return str(schema.get("description", "")).partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Called:
    """One operation with its kinds."""

    call: model.Call
    body: Kind | None
    body_needed: bool
    query: tuple[tuple[str, Kind, bool], ...]
    answer: Kind


def called(shapes: Shapes) -> list[Called]:
    """Return every operation; what they send becomes classes too."""
    return [_called(call, shapes) for call in model.calls()]


def _called(call: model.Call, shapes: Shapes) -> Called:
    name = model.pascal(call.id)
    body: Kind | None = None
    if call.body is not None:
        is_json = call.body_type == model.JSON
        empty = is_json and not call.body.get("properties")
        body = None if empty else shapes.kind(call.body, f"{name}Body") if is_json else Kind(TEXT)
    answer = Kind(NOTHING)
    if call.answer is not None:
        is_json = call.answer_type == model.JSON
        answer = shapes.kind(call.answer, f"{name}Answer") if is_json else Kind(TEXT)
    needed = bool(call.body and call.body.get("required")) or call.body_type != model.JSON
    query = tuple(
        (n, shapes.kind(s, f"{name}{model.pascal(n)}"), need) for n, s, need in call.query
    )
    return Called(call, body, needed, query, answer)
