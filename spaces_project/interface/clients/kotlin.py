"""The client in Kotlin: data classes, one function for each operation, the noes; no library."""

import json
from collections.abc import Iterator
from typing import Final

from spaces_project.interface.clients import model
from spaces_project.interface.clients.shapes import Called, Kind, Member, Shape, Shapes, called

HEAD: Final = "// Made by ./spaces clients from the documents of the server; mend those.\n\n"
PACKAGE: Final = "package spaces\n\n"
KINDS: Final = {
    "text": "String", "integer": "Long", "number": "Double", "flag": "Boolean", "anything": "Any?",
    "nothing": "Unit",
}  # fmt: skip
RESERVED: Final = frozenset({"in", "is", "as", "object", "when", "fun", "val", "var", "typealias"})


def files() -> dict[str, str]:
    """Return what is generated, by path."""
    shapes = Shapes()
    calls = [line for one in called(shapes) for line in _call(one)]
    types = [line for shape in shapes.known.values() for line in _class(shape)]
    folder = "src/main/kotlin/spaces"
    return {
        f"{folder}/Types.kt": HEAD + PACKAGE + "\n".join(types),
        f"{folder}/Operations.kt": HEAD + PACKAGE + "\n".join(calls),
    }


def type_of(kind: Kind) -> str:
    """Return a kind as a type."""
    if kind.of is not None:
        inner = type_of(kind.of)
        return f"List<{inner}>" if kind.word == "list" else f"Map<String, {inner}>"
    return KINDS.get(kind.word, kind.word)


def _maybe(kind: Kind) -> str:
    return type_of(kind).removesuffix("?") + "?"


def _named(name: str) -> str:
    word = model.camel(name)
    return f"`{word}`" if word in RESERVED else word


def _class(shape: Shape) -> Iterator[str]:
    yield from ([f"/** {shape.about} */"] if shape.about else [])
    yield f"data class {shape.name}("
    for member in shape.members:
        yield from ([f"    /** {member.about} */"] if member.about else [])
        kind = f"{_maybe(member.kind)} = null" if member.optional else type_of(member.kind)
        yield f"    val {_named(member.name)}: {kind},"
    yield ") {"
    yield "    /** The members that are not null, as they go over the wire. */"
    yield "    fun toJson(): Map<String, Any?> = present("
    for member in shape.members:
        yield f"        {json.dumps(member.name)} to {_written(member.kind, _dotted(member))},"
    yield "    )\n"
    yield "    companion object {"
    yield f"        fun from(json: Any?): {shape.name} {{"
    yield "            val members = json as Map<*, *>"
    yield f"            return {shape.name}("
    for member in shape.members:
        found = f"members[{json.dumps(member.name)}]"
        read = _read(member.kind, "it" if member.optional else found)
        how = f"{found}?.let {{ {read} }}" if member.optional else read
        yield f"                {_named(member.name)} = {how},"
    yield "            )\n        }\n    }\n}\n"


def _read(kind: Kind, found: str, depth: int = 0) -> str:
    """Return the words that read a kind out of parsed JSON."""
    each = f"each{depth}"
    match kind.word:
        case "list":
            assert kind.of is not None
            inner = _read(kind.of, each, depth + 1)
            return f"({found} as List<*>).map {{ {each} -> {inner} }}"
        case "map":
            assert kind.of is not None
            inner = _read(kind.of, f"{each}.value", depth + 1)
            whole = f"({found} as Map<*, *>).entries"
            return f"{whole}.associate {{ {each} -> {each}.key as String to {inner} }}"
        case "integer":
            return f"({found} as Number).toLong()"
        case "number":
            return f"({found} as Number).toDouble()"
        case "text" | "flag":
            return f"{found} as {KINDS[kind.word]}"
        case "anything":
            return found
    return f"{kind.word}.from({found})"


def _dotted(member: Member) -> str:
    return _named(member.name) + ("?" if member.optional else "")


def _written(kind: Kind, name: str) -> str:
    """Return the words that make JSON of a member; its name ends in ``?`` where it may be null."""
    inner = kind
    while inner.of is not None:
        inner = inner.of
    if inner.word in KINDS:
        return name.removesuffix("?")
    if kind.word == "list":
        return f"{name}.map {{ it.toJson() }}"
    return f"{name}.mapValues {{ it.value.toJson() }}" if kind.word == "map" else f"{name}.toJson()"


def _call(one: Called) -> Iterator[str]:
    call = one.call
    takes = [f"{model.camel(name)}: String" for name in call.in_path]
    if one.body is not None:
        takes.append(
            f"body: {type_of(one.body)}" if one.body_needed else f"body: {_maybe(one.body)} = null"
        )
    for name, kind, need in one.query:
        takes.append(f"{_named(name)}: {type_of(kind) if need else f'{_maybe(kind)} = null'}")
    takes.append("options: Options = Options()")
    path = call.path
    for name in call.in_path:
        path = path.replace(f"{{{name}}}", f"${{escaped({model.camel(name)})}}")
    answer = type_of(one.answer)
    yield f"/** {call.summary} `{call.method} {call.path}` */"
    yield f"fun SpacesClient.{_named(call.id)}({', '.join(takes)}): Answer<{answer}> ="
    asked = f'{json.dumps(call.method)}, "{path}", options, {_sent(one)}, {_query(one)}'
    yield f"    send(Wish({asked})) {{"
    yield f"        {_answer(one.answer)}"
    yield "    }\n"


def _sent(one: Called) -> str:
    if one.call.body is None:
        return "null, null"
    kind = json.dumps(one.call.body_type)
    if one.body is None:
        return f'"{{}}", {kind}'
    if one.body.word == "text":
        return f"body, {kind}"
    body = "body.toJson()" if one.body_needed else "(body?.toJson() ?: mapOf<String, Any?>())"
    return f"Json.write({body}), {kind}"


def _query(one: Called) -> str:
    asked = ", ".join(f"{json.dumps(name)} to {_named(name)}" for name, _, _ in one.query)
    return f"listOf({asked})" if asked else "listOf()"


def _answer(kind: Kind) -> str:
    if kind.word == "nothing":
        return "Unit"
    return "it" if kind.word == "text" else _read(kind, "Json.read(it)")
