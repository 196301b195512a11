"""docs/protocol.md taken apart: its examples in the order of the page."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from spaces_project.kernel.web.media_forwarding import is_media
from tests.architecture.tree import PROJECT

PAGE: Final = PROJECT / "docs" / "protocol.md"
_FENCE: Final = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANYTHING: Final = re.compile(r"\{…[^{}]*\}")
WIDTH: Final = 98


@dataclass
class Request:
    """What somebody asks over HTTP."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Reply:
    """What is answered; ``where`` it stands in the page."""

    status: int
    headers: dict[str, str]
    body: Any
    where: tuple[int, int]


@dataclass
class Line:
    """One frame: what is said (``>``) or heard (``<``), and where it stands in the page."""

    said: bool
    frame: Any
    where: tuple[int, int]


@dataclass
class Talk:
    """Some frames of one person's socket."""

    who: str
    lines: list[Line] = field(default_factory=list)


def steps(text: str) -> Iterator[Request | Reply | Talk]:
    """Yield the examples of a page; those of sound are not replayed."""
    of_sound = False
    for fence in _FENCE.finditer(text):
        kind, words = fence[1], fence[2]
        if kind.startswith("socket "):
            yield _talk(kind.removeprefix("socket "), words, fence.start(2))
        elif kind == "http" and words.startswith("HTTP/"):
            if not of_sound:
                yield _reply(words, fence.span(2))
        elif kind == "http":
            asked = _request(words)
            of_sound = is_media(asked.path)
            if not of_sound:
                yield asked


def as_written(value: Any, first: str = "", then: str = "  ") -> str:
    """Return JSON in lines that a page can hold."""
    words = re.split(r"(?<=, )", json.dumps(value, ensure_ascii=False))
    lines, line = [], first
    for word in words:
        if len(line + word) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = then
        line += word
    return "\n".join([*lines, line])


def _request(words: str) -> Request:
    head, _, body = words.partition("\n\n")
    first, *headers = head.splitlines()
    method, path = first.split(" ")
    return Request(method, path, _headers(headers), json.loads(body) if _is_json(body) else None)


def _reply(words: str, where: tuple[int, int]) -> Reply:
    head, _, body = words.partition("\n\n")
    first, *headers = head.splitlines()
    read = json.loads(_ANYTHING.sub('"…"', body)) if _is_json(body) else None
    return Reply(int(first.split(" ")[1]), _headers(headers), read, where)


def _talk(who: str, words: str, at: int) -> Talk:
    talk = Talk(who)
    for found in re.finditer(r"^([<>]) (.*(?:\n(?![<>] ).*)*)\n", words, re.MULTILINE):
        frame = json.loads(_ANYTHING.sub('"…"', found[2]))
        talk.lines.append(Line(found[1] == ">", frame, (at + found.start(), at + found.end())))
    return talk


def _headers(lines: list[str]) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines)


def _is_json(body: str) -> bool:
    return body.strip()[:1] in ("{", "[")
