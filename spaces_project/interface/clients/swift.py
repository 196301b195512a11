"""The client in Swift: Codable structs, one async function for each operation, the noes."""

import json
from collections.abc import Iterator
from typing import Final

from spaces_project.interface.clients import model
from spaces_project.interface.clients.shapes import Called, Kind, Shape, Shapes, called

HEAD: Final = "// Made by ./spaces clients from the documents of the server; mend those.\n\n"
KINDS: Final = {
    "text": "String", "integer": "Int", "number": "Double", "flag": "Bool", "anything": "JSONValue",
    "nothing": "Void",
}  # fmt: skip
RESERVED: Final = frozenset(
    {"as", "case", "default", "extension", "in", "internal", "is", "open", "operator", "protocol"}
    | {"public", "repeat", "self", "where"}
)


def files() -> dict[str, str]:
    """Return what is generated, by path."""
    shapes = Shapes()
    calls = [line for one in called(shapes) for line in _call(one)]
    types = [line for shape in shapes.known.values() for line in _struct(shape)]
    return {
        "Sources/Spaces/Types.swift": HEAD + "import Foundation\n\n" + "\n".join(types),
        "Sources/Spaces/Operations.swift": HEAD
        + "import Foundation\n\nextension SpacesClient {\n"
        + "\n".join(calls)
        + "}\n",
    }


def type_of(kind: Kind) -> str:
    """Return a kind as a type."""
    if kind.of is not None:
        inner = type_of(kind.of)
        return f"[{inner}]" if kind.word == "list" else f"[String: {inner}]"
    return KINDS.get(kind.word, kind.word)


def _named(name: str) -> str:
    word = model.camel(name)
    return f"`{word}`" if word in RESERVED else word


def _struct(shape: Shape) -> Iterator[str]:
    yield from ([f"/// {shape.about}"] if shape.about else [])
    yield f"public struct {shape.name}: Codable, Sendable {{"
    for member in shape.members:
        yield from ([f"    /// {member.about}"] if member.about else [])
        mark = "?" if member.optional else ""
        yield f"    public var {_named(member.name)}: {type_of(member.kind)}{mark}"
    yield ""
    takes = ", ".join(
        f"{_named(m.name)}: {type_of(m.kind)}{'? = nil' if m.optional else ''}"
        for m in shape.members
    )
    yield f"    public init({takes}) {{"
    for member in shape.members:
        yield f"        self.{model.camel(member.name)} = {_named(member.name)}"
    yield "    }"
    yield ""
    yield "    enum CodingKeys: String, CodingKey {"
    for member in shape.members:
        yield f"        case {_named(member.name)} = {json.dumps(member.name)}"
    yield "    }\n}\n"


def _call(one: Called) -> Iterator[str]:
    call = one.call
    takes = [f"{model.camel(name)}: String" for name in call.in_path]
    if one.body is not None:
        takes.append(f"body: {type_of(one.body)}{'' if one.body_needed else '? = nil'}")
    takes += [
        f"{_named(name)}: {type_of(kind)}{'' if need else '? = nil'}"
        for name, kind, need in one.query
    ]
    takes.append("options: Options = Options()")
    path = call.path
    for name in call.in_path:
        path = path.replace(f"{{{name}}}", f"\\(escaped({model.camel(name)}))")
    answer = type_of(one.answer)
    yield f"    /// {call.summary} `{call.method} {call.path}`"
    head = f"public func {_named(call.id)}({', '.join(takes)})"
    yield f"    {head} async throws -> Answer<{answer}> {{"
    asked = f'method: {json.dumps(call.method)}, path: "{path}", options: options'
    yield f"        {_binding(one)} wish = Wish({asked})"
    if call.query:
        for name, kind, _ in one.query:
            many = kind.word == "list"
            how = "wish.ask(%s, %s)" if not many else "wish.askEach(%s, %s)"
            yield "        " + how % (json.dumps(name), _named(name))
    if one.body is not None:
        words = "text" if one.body.word == "text" else "json"
        sent = f"        try wish.send({words}: body, as: {json.dumps(call.body_type)})"
        yield sent
    elif call.body is not None:
        yield '        try wish.send(json: [String: String](), as: "application/json")'
    read = {"Void": "nothing", "String": "text"}.get(answer, "decoded")
    yield f"        return try await {read}(wish)"
    yield "    }\n"


def _binding(one: Called) -> str:
    return "var" if one.query or one.call.body is not None else "let"
