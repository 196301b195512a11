"""The client in TypeScript: types, one function for each operation, a socket that resumes."""

import json
import re
from collections.abc import Iterator
from typing import Final

from spaces_project.interface.clients import model
from spaces_project.kernel.schemas import AT, Schema

HEAD: Final = "// Made by ./spaces clients from the documents of the server; mend those.\n\n"
_KINDS: Final = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def files() -> dict[str, str]:
    """Return what is generated, by path."""
    return {
        "src/types.ts": HEAD + "\n".join(_types()),
        "src/operations.ts": HEAD + "\n".join(_operations()),
    }


def type_of(schema: Schema, indent: str = "") -> str:
    """Return a schema as a type."""
    found, null = model.variants(schema)
    words = [_one(one, indent) for one in found] + (["null"] if null else [])
    return " | ".join(dict.fromkeys(words)) or "unknown"


def _one(schema: Schema, indent: str) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(AT)
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(word) for word in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"Array<{type_of(schema.get('items', {}), indent)}>"
        case "object":
            return _object(schema, indent)
    return _KINDS.get(str(schema.get("type")), "unknown")


def _object(schema: Schema, indent: str) -> str:
    more, members = schema.get("additionalProperties"), schema.get("properties")
    if not members:
        inner = type_of(more, indent) if isinstance(more, dict) else "never"
        return "Record<string, unknown>" if more is True else f"Record<string, {inner}>"
    lines = ["{", *_members(schema, indent + "  ")]
    lines += [f"{indent}  [more: string]: unknown;"] if more is True else []
    return "\n".join([*lines, f"{indent}}}"])


def _members(schema: Schema, indent: str) -> Iterator[str]:
    for name, inner in schema["properties"].items():
        if about := inner.get("description"):
            yield f"{indent}/** {about} */"
        mark = "" if name in schema.get("required", ()) else "?"
        yield f"{indent}{json.dumps(name)}{mark}: {type_of(inner, indent)};"


def _types() -> Iterator[str]:
    for name, schema in model.schemas().items():
        about = schema.get("description")
        yield f"/** {about} */" if about else ""
        yield f"export type {name} = {type_of(schema)};\n"
    for name, table in (
        ("RoomEventData", model.events()),
        ("RoomCommandData", model.commands()),
        ("RoomEphemeral", model.ephemeral()),
    ):
        yield f"export interface {name} {{"
        for kind, schema in table.items():
            yield f"  {json.dumps(kind)}: {type_of(schema, '  ')};"
        yield "}\n"
    codes = ", ".join(map(str, model.final_codes()))
    yield f"/** After one of these nobody comes back. */\nexport const FINAL_CODES = [{codes}];\n"


def _operations() -> Iterator[str]:
    yield 'import type { Answer, Http, Options } from "./http.js";'
    told = [line for call in model.calls() for line in _operation(call)]
    words = set(re.findall(r"\w+", "\n".join(line for line in told if line[:1] != "/")))
    used = ", ".join(name for name in model.schemas() if name in words)
    yield f'import type {{ {used} }} from "./types.js";\n'
    yield from told


def _operation(call: model.Call) -> Iterator[str]:
    members = [f"{name}: string" for name in call.in_path]
    if call.body is not None:
        optional = "" if call.body.get("required") or call.body_type != model.JSON else "?"
        members.append(f"body{optional}: {type_of(call.body, '    ')}")
    if call.query:
        asked = "; ".join(f"{n}{'' if need else '?'}: {type_of(s)}" for n, s, need in call.query)
        optional = "" if any(need for _, _, need in call.query) else "?"
        members.append(f"query{optional}: {{ {asked} }}")
    needed = any("?:" not in member.split("{")[0] for member in members)
    wish = f"wish: {{ {'; '.join(members)} }}{'' if needed else ' = {}'}, " if members else ""
    answer = "void" if call.answer is None else type_of(call.answer)
    if call.answer is not None and call.answer_type != model.JSON:
        answer = "string"
    name = model.camel(call.id)
    yield f"/** {call.summary} `{call.method} {call.path}` */"
    takes = f"http: Http, {wish}options?: Options"
    yield f"export function {name}({takes}): Promise<Answer<{answer}>> {{"
    path = call.path
    for part in call.in_path:
        path = path.replace(f"{{{part}}}", f"${{encodeURIComponent(wish.{part})}}")
    facts = [f"method: {json.dumps(call.method)}", f"path: `{path}`"]
    facts += ["body: wish.body"] if call.body is not None else []
    facts += [f"bodyType: {json.dumps(call.body_type)}"] if call.body_type != model.JSON else []
    facts += ["query: wish.query"] if call.query else []
    yield f"  return http.send({{ {', '.join(facts)} }}, options);"
    yield "}\n"
