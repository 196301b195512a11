"""The tables of docs/protocol.md that are made from the code; the rest of the page is written."""

from typing import Final

from spaces_project.interface.clients import model
from spaces_project.interface.described import BASE, described
from spaces_project.kernel.schemas import Schema


def addresses() -> str:
    """Return every address with its methods."""
    found: dict[str, list[str]] = {}
    for method, path in described():
        found.setdefault(path.removeprefix(BASE), []).append(method)
    return "```\n" + "".join(f"{p:<46} {' '.join(m)}\n" for p, m in sorted(found.items())) + "```\n"


def commands() -> str:
    """Return every command of a room's socket with its data."""
    rows = [f"| `{kind}` | {_members(schema)} |\n" for kind, schema in model.commands().items()]
    return "| Type | `data` |\n|---|---|\n" + "".join(rows)


def _members(schema: Schema) -> str:
    needed = schema.get("required", ())
    members = schema.get("properties", {})
    return ", ".join(f"`{name}{'' if name in needed else '?'}`" for name in members)


END: Final = "<!-- end -->"
MADE: Final = {"addresses": addresses, "commands": commands}


def made(text: str) -> str:
    """Return the page with what is made from the code written anew between its marks."""
    for name, make in MADE.items():
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        assert mark, f"docs/protocol.md has no place for {name}"
        text = before + mark + make() + END + rest.partition(END)[2]
    return text
