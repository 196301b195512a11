"""The examples of docs/protocol.md, said again to the running server.

What the page calls ``$JO`` is Jo's token; identifiers, times and positions stand for those of now:
the same one for the same one, all over the page. Everything else has to be equal.
"""

import asyncio
import json
import re
from typing import Any, Final

from tests.consumers.sockets import SUBPROTOCOL, Socket
from tests.frames import check_frame
from tests.interface.page_blocks import Line, Reply, Request, Talk, steps
from tests.kernel.processes import Answer, Web

IDENTIFIER: Final = re.compile(r"\b(?:room|acc|evt|pin|req|key|whe|wh|ses)_[0-9a-z]{26}\b")
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TOKEN: Final = re.compile(r"eyJ[\w.-]{20,}")
NO_ORDER: Final = frozenset({"ping", "pong", "levels", "counts"})
PASSED_OVER: Final = frozenset({"date", "server", "content-length", "vary"})


class Replay:
    """One evening by the page; ``found`` has the reality of each answer, for the recorder."""

    def __init__(self, web: Web, *, strict: bool = True) -> None:
        self.web, self.strict = web, strict
        self.known: dict[str, str] = {}  # what the page says -> what it is now
        self.tokens: dict[str, str] = {}
        self.sockets: dict[str, Socket] = {}
        self.heard: dict[str, list[Any]] = {}
        self.room = ""
        self.found: list[tuple[Reply | Line, Any]] = []

    async def run(self, text: str) -> int:
        """Replay a page; return how many answers and frames were compared."""
        answer: Answer | None = None
        for step in steps(text):
            match step:
                case Request():
                    answer = await asyncio.to_thread(self._ask, step)
                case Reply():
                    assert answer is not None
                    self._compare_answer(step, answer)
                case Talk():
                    await self._talk(step)
        for socket in self.sockets.values():
            await socket.close()
        return len(self.found)

    def _ask(self, asked: Request) -> Answer:
        headers = {name: self._now(value) for name, value in asked.headers.items()}
        body = None if asked.body is None else json.loads(self._now(json.dumps(asked.body)))
        answer = self.web.ask(asked.method, self._now(asked.path), body, headers=headers)
        said = answer.json if answer.body else {}
        for holder in (said, said.get("account", {}) if isinstance(said, dict) else {}):
            if "token" in said and "handle" in holder:
                self.tokens[f"${holder['handle'].split('_')[0].upper()}"] = said["token"]
        if asked.path == "/api/v1/rooms" and asked.method == "POST" and answer.status == 201:
            self.room = said["id"]
        return answer

    def _compare_answer(self, reply: Reply, answer: Answer) -> None:
        shown = {name: answer.headers.get(name) for name in reply.headers}
        body = answer.json if answer.body else None
        self.found.append((reply, (answer, body)))
        if self.strict:
            assert answer.status == reply.status, answer.body
            self._compare(reply.headers, shown)
            self._compare(reply.body, body)
        else:
            self._bind(reply.body, body)
            self._bind(reply.headers, shown)
        if "Position" in reply.headers:
            self.known[reply.headers["Position"]] = str(answer.headers.get("Position"))

    async def _talk(self, talk: Talk) -> None:
        for line in talk.lines:
            if not line.said:
                await self._hear(talk.who, line)
            elif line.frame["type"] == "auth":
                await self._enter(talk.who, line)
            else:
                await self.sockets[talk.who].connection.send(self._now(json.dumps(line.frame)))

    async def _enter(self, who: str, line: Line) -> None:
        if who in self.sockets:
            await self.sockets[who].close()
        self.sockets[who] = await Socket.open(self.web, self.room, subprotocols=[SUBPROTOCOL])
        self.heard[who] = []
        hello = {**line.frame, "token": self.tokens[f"${who.upper()}"]}
        await self.sockets[who].connection.send(self._now(json.dumps(hello)))

    async def _hear(self, who: str, line: Line) -> None:
        """Take the frame that a line tells of, whatever came before it."""
        heard, marks = self.heard[who], ("ref", "seq") if "ref" not in line.frame else ("ref",)
        wanted = {name: line.frame[name] for name in marks if name in line.frame}
        kind = None if "ref" in wanted else line.frame["type"]
        while True:
            for frame in heard:
                fits = all(frame.get(name) == value for name, value in wanted.items())
                if fits and kind in (None, frame["type"]):
                    heard.remove(frame)
                    check_frame(frame)
                    self.found.append((line, frame))
                    self._compare(line.frame, frame) if self.strict else self._bind(
                        line.frame, frame
                    )
                    return
            frame = await self.sockets[who].read()
            if frame["type"] not in NO_ORDER:
                heard.append(frame)

    def _now(self, text: str) -> str:
        """Return the page's words with what they stand for now."""
        for name, token in self.tokens.items():
            text = text.replace(name, token)
        text = IDENTIFIER.sub(lambda found: self.known.get(found[0], found[0]), text)
        return self.known.get(text, text)

    def _compare(self, told: Any, found: Any, place: str = "") -> None:
        if told == "…":
            return
        if isinstance(told, dict):
            assert isinstance(found, dict), place
            assert set(told) == set(found), f"{place}: {set(told) ^ set(found)}"
            for name in told:
                self._compare(told[name], found[name], f"{place}/{name}")
        elif isinstance(told, list):
            assert isinstance(found, list), place
            assert len(told) == len(found), place
            for number, (one, other) in enumerate(zip(told, found, strict=True)):
                self._compare(one, other, f"{place}/{number}")
        elif isinstance(told, str):
            self._compare_text(told, found, place)
        else:
            assert told == found, f"{place}: the page says {told!r}, the server {found!r}"

    def _compare_text(self, told: str, found: Any, place: str) -> None:
        assert isinstance(found, str), f"{place}: the page says {told!r}, the server {found!r}"
        if told.endswith("…"):
            assert found.startswith(told[:-1]), place
        elif TIME.fullmatch(told):
            assert TIME.fullmatch(found), place
        elif place == "/Position":
            assert found.isdecimal()
        else:
            self._bind(told, found)
            assert self._now(told) == found, (
                f"{place}: the page says {told!r}, the server {found!r}"
            )

    def _bind(self, told: Any, found: Any) -> None:
        """Learn which identifiers of the page stand for which of now."""
        if isinstance(told, dict) and isinstance(found, dict):
            for name in told.keys() & found.keys():
                self._bind(told[name], found[name])
        elif isinstance(told, list) and isinstance(found, list):
            for one, other in zip(told, found, strict=False):
                self._bind(one, other)
        elif isinstance(told, str) and isinstance(found, str):
            ids, others = IDENTIFIER.findall(told), IDENTIFIER.findall(found)
            for one, other in zip(ids, others, strict=False):
                if one[:4] == other[:4]:
                    self.known.setdefault(one, other)
