"""Write the answers of docs/protocol.md anew from a running server.

Run inside the tests' databases: ``SPACES_RECORD=1 ./spaces test tests/interface/test_protocol.py``.
"""

from typing import Any, Final

from tests.interface.page_blocks import Line, Reply, as_written
from tests.interface.replay import IDENTIFIER, TOKEN, Replay
from tests.kernel.processes import Answer, Web

ROOM: Final = "{…the room, as REST shows it…}"
SHORT_TOKEN: Final = "eyJhbGciOiJIUzI1NiIs…"


async def recorded(web: Web, text: str) -> str:
    """Return the page with what is answered now."""
    replay = Replay(web, strict=False)
    await replay.run(text)
    for told, found in sorted(replay.found, key=lambda pair: pair[0].where, reverse=True):
        begin, end = told.where
        text = text[:begin] + _words(told, found, replay) + text[end:]
    return text


def _words(told: Reply | Line, found: Any, replay: Replay) -> str:
    words = _said(told, found, replay)
    for on_page, now in replay.known.items():  # what the page calls it, it goes on calling it
        words = words.replace(now, on_page) if IDENTIFIER.fullmatch(on_page) else words
    return words


def _said(told: Reply | Line, found: Any, replay: Replay) -> str:
    if isinstance(told, Line):
        words = as_written(_short(found, told.frame, replay), "< ", "   ")
        return words.replace('"…"', ROOM) + "\n"
    answer, body = found
    assert isinstance(answer, Answer)
    status = {200: "OK", 201: "Created", 400: "Bad Request", 403: "Forbidden"}[answer.status]
    names = [n for n in told.headers if n in answer.headers]
    head = [
        f"HTTP/1.1 {answer.status} {status}",
        *(f"{n}: {_header(n, answer, told)}" for n in names),
    ]
    return "\n".join(head) + "\n\n" + as_written(_short(body, told.body, replay)) + "\n"


def _header(name: str, answer: Answer, told: Reply) -> str:
    return told.headers[name] if name == "Position" else answer.headers[name]


def _short(found: Any, told: Any, replay: Replay) -> Any:
    """Return what was answered, with tokens cut, and what the page leaves out left out."""
    if told == "…":
        return "…"
    if isinstance(found, dict):
        inner = told if isinstance(told, dict) else {}
        return {name: _short(value, inner.get(name), replay) for name, value in found.items()}
    if isinstance(found, list):
        return [_short(value, None, replay) for value in found]
    return SHORT_TOKEN if isinstance(found, str) and TOKEN.fullmatch(found) else found
