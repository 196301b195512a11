"""Small typed clients of the product: REST and the sockets of rooms, nothing of the server's."""

import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

Json = dict[str, Any]
PREFIX: Final = "/api/v1/"
PATIENCE_S: Final = 8.0


class NoAnswer(Exception):
    """Whether the command was carried out is unknown: nothing came back, or a 5xx."""


@dataclass(frozen=True)
class Answer:
    """What REST answered."""

    status: int
    headers: Mapping[str, str]
    body: Json

    @property
    def code(self) -> str:
        """Why not, in a word; empty for a yes."""
        return str(self.body.get("code", ""))

    @property
    def position(self) -> int | None:
        """Where the command's last event stands in the log."""
        text = self.headers.get("position")
        return int(text) if text else None


@dataclass(frozen=True)
class Person:
    """Somebody at one product, signed in or not."""

    base_url: str
    id: str = ""
    token: str = field(default="", repr=False)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        """Return the answer to one request; header names are written with underscores.

        :raises NoAnswer: if none came, or one that leaves open what happened.
        """
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        payload = None
        if method != "GET":
            payload = json.dumps(body or {}).encode()
            given["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=PATIENCE_S)
        try:
            connection.request(method, PREFIX + path, payload, given)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(repr(error)) from error
        finally:
            connection.close()
        if response.status >= 500:
            raise NoAnswer(f"{response.status} {text[:200]!r}")
        shown = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, shown, json.loads(text) if text else {})

    def must(self, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        """Return the answer, which must be a yes."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status < 300, (method, path, answer)
        return answer


def sign_up(base_url: str, name: str, password: str = "") -> Person:
    """Return a new person, whose handle is made of the name and chance."""
    wish = {
        "handle": f"{name.lower()}_{secrets.token_hex(4)}",
        "name": name,
        "password": password or secrets.token_urlsafe(16),
    }
    account = Person(base_url).must("POST", "accounts", wish).body
    return Person(base_url, account["id"], account["token"])


def sign_in_by_code(base_url: str, code: str) -> Person:
    """Return the person for whom a one-time code was issued."""
    session = Person(base_url).must("POST", "tokens", {"code": code}).body
    return Person(base_url, session["account"]["id"], session["token"])


class RoomSocket:
    """A socket of one room; ``log`` holds its numbered events in the order of coming."""

    def __init__(self, person: Person, room_id: str, after: int | None = None) -> None:
        self.snapshot: Json = {}
        self.log: list[Json] = []
        self.close_code: int | None = None
        self._answers: dict[str, Json] = {}
        self._news = threading.Condition()
        url = f"{person.base_url.replace('http', 'ws', 1)}/ws/v1/rooms/{room_id}"
        hello: Json = {"type": "auth", "token": person.token}
        if after is not None:
            hello["after"] = after
        try:
            self._socket = connect(
                url,
                subprotocols=[Subprotocol("rooms.v1")],
                proxy=None,
                ping_interval=None,
                open_timeout=PATIENCE_S,
                close_timeout=1,
                legacy=True,
            )
            self._socket.send(json.dumps(hello))
        except (OSError, WebSocketException) as error:
            raise NoAnswer(repr(error)) from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye."""
        self._socket.close()
        self._reader.join(PATIENCE_S)

    @property
    def is_open(self) -> bool:
        """Whether more may come."""
        return self.close_code is None

    @property
    def seq(self) -> int:
        """The number of the last event that is known here."""
        return int(self.log[-1]["seq"] if self.log else self.snapshot.get("seq", 0))

    def command(self, kind: str, ref: str = "", **data: Any) -> Json:
        """Return the ``ack`` or ``error`` frame that answers a command.

        :raises NoAnswer: if none came, or one that leaves open what happened.
        """
        ref = ref or secrets.token_hex(8)
        try:
            self._socket.send(json.dumps({"type": kind, "ref": ref, "data": data}))
        except (OSError, WebSocketException) as error:
            raise NoAnswer(repr(error)) from error
        if not self.wait_for(lambda: ref in self._answers, PATIENCE_S):
            raise NoAnswer(f"{kind}: nothing came, close code {self.close_code}")
        answer = self._answers.pop(ref)
        if answer.get("problem", {}).get("status", 0) >= 500:
            raise NoAnswer(str(answer))
        return answer

    def wait_for(self, condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> bool:
        """Wait until something holds; False if it does not when time or the socket is over."""
        deadline = time.monotonic() + timeout_s
        with self._news:
            while not condition():
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not self.is_open:
                    return False
                self._news.wait(left_s)
        return True

    def wait_until_open(self) -> Self:
        """Return the socket once its snapshot is here."""
        assert self.wait_for(lambda: bool(self.snapshot)), self.close_code
        return self

    def wait_until_closed(self) -> int:
        """Return the code that the server closed the socket with."""
        self.wait_for(lambda: not self.is_open)
        assert self.close_code is not None
        return self.close_code

    def _read(self) -> None:
        try:
            for message in self._socket:
                self._take(json.loads(message))
        except ConnectionClosed:
            pass
        with self._news:
            self.close_code = self._socket.close_code or 1006
            self._news.notify_all()

    def _take(self, frame: Json) -> None:
        if frame["type"] == "ping":
            self._socket.send('{"type":"pong"}')
            return
        with self._news:
            if frame["type"] == "snapshot":
                self.snapshot = frame
            elif "ref" in frame:
                self._answers[frame["ref"]] = frame
            elif "seq" in frame:
                self.log.append(frame)
            self._news.notify_all()
