"""The pages that are made from the code: what may be stored, and every way to say no."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from itertools import groupby
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from spaces_project.kernel.catalogue import known_refusals, stored_events
from spaces_project.kernel.entity import NIL, DomainEvent
from spaces_project.kernel.refusals import reason_phrase

Announced = Callable[[DomainEvent], Mapping[str, Mapping[str, Any]]]

EVENTS_INTRO: Final = """\
# Stored events

Made from the code by `manage.py write_docs`; mend the class, not this page.

Each event is kept for ever under its topic, which never changes once shipped. Beside the fields
below every event has `originator_id` (uuid, its stream), `originator_version` (integer, its
place in the stream), `at` (time) and `by` (uuid or nothing: the account that did it; nothing
means the system). Events of a room also have a `seq` in the room, without holes.

*Announced as* tells what sockets, `GET rooms/{id}/events` and clients hear of it. Identifiers in
announcements are public ones (`acc_…`).
"""
PROBLEMS_INTRO: Final = """\
# Problems

Made from the code by `manage.py write_docs`; mend the docstring, not this page.

Every no over REST is a problem document (RFC 9457, `application/problem+json`) with `type`,
`title`, `status`, `code`, `request_id` and, where there is more to say, `detail`, `errors` and
facts of its own. Over a socket the same document comes in an `error` frame. `type` opens a page
under `/problems/` with the text below. A `code` never changes once shipped.
"""
# Pages of which only a part is made; an app adds its own when it is ready.
PARTLY_MADE: Final[dict[str, Callable[[str], str]]] = {}
NAMES: Final[Mapping[Any, str]] = {
    UUID: "uuid", str: "text", int: "integer", bool: "true or false", datetime: "time",
    float: "number", bytes: "bytes", NoneType: "nothing", dict: "object", list: "list",
}  # fmt: skip


def events_page(announced: Announced) -> str:
    """Return the page of stored events, by app."""
    parts = [EVENTS_INTRO]
    for app, events in groupby(stored_events().items(), lambda known: known[0].partition(".")[0]):
        parts.append(f"## {app}\n")
        parts += [_event(topic, event_type, announced) for topic, event_type in events]
    return "\n".join(parts)


def problems_page() -> str:
    """Return the page of problems, by code."""
    parts = [PROBLEMS_INTRO]
    for refusal in known_refusals():
        status = f"{refusal.kind.value} {reason_phrase(refusal.kind)}"
        about = inspect.cleandoc(refusal.__doc__ or "").replace("``", "`")  # Markdown's code mark
        parts.append(f"## `{refusal.code}`\n\n**{status}** · {refusal.title}\n\n{about}\n")
    return "\n".join(parts)


def _event(topic: str, event_type: type[DomainEvent], announced: Announced) -> str:
    facts = get_type_hints(event_type)
    own = [f for f in event_type.__struct_fields__ if f not in DomainEvent.__struct_fields__]
    lines = [f"### `{topic}`", "", inspect.cleandoc(event_type.__doc__ or ""), ""]
    if own:
        rows = [(f"`{name}`", type_name(facts[name])) for name in own]
        lines += [*_table(("Field", "Type"), rows), ""]
    for audience, words in announced(sample(event_type)).items():
        lines += [_announcement(audience, words), ""]
    if event_type.CLOSES_ROOM:
        lines += ["Nothing of this room is stored behind it.", ""]
    return "\n".join(lines)


def _announcement(audience: str, words: Mapping[str, Any]) -> str:
    if words["type"] == "redacted":
        return f"Announced {audience} as `redacted`: that there was an event, and no more."
    told = ", ".join(f"`{name}` ({NAMES[type(value)]})" for name, value in words["data"].items())
    actor = "" if words.get("actor") else ", without its actor"
    return f"Announced {audience} as `{words['type']}`{actor}: {told or 'no data'}."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def type_name(hint: Any) -> str:
    """Return how a type is called in a document."""
    if hint in NAMES:
        return NAMES[hint]
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join(type_name(part) for part in get_args(hint))
    if get_origin(hint) in {list, set, frozenset, tuple}:
        return f"list of {type_name(get_args(hint)[0])}"
    if issubclass(hint, Enum):
        return "one of " + ", ".join(f"`{choice.value}`" for choice in hint)
    if issubclass(hint, msgspec.Struct):
        parts = get_type_hints(hint)
        inner = ", ".join(f"`{n}` {type_name(parts[n])}" for n in hint.__struct_fields__)
        return f"object: {inner}"
    raise TypeError(f"no document knows what to call {hint!r}")


def sample(struct: type[Any]) -> Any:
    """Return an instance whose every field has some value of its type."""
    facts = get_type_hints(struct)
    return struct(**{name: _some(facts[name]) for name in struct.__struct_fields__})


def _some(hint: Any) -> Any:
    if get_origin(hint) in {Union, UnionType}:
        return _some(get_args(hint)[0])
    if hint is UUID:
        return NIL
    if hint is datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)
    origin = get_origin(hint) or hint
    if issubclass(origin, Enum):
        return next(iter(origin))
    if issubclass(origin, msgspec.Struct):
        return sample(origin)
    return origin()
