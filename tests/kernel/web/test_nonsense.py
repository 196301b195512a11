"""Whatever comes over HTTP is answered: 4xx with a document that points at what is wrong."""

import base64
import json
import random
import string
from typing import Any
from urllib.parse import quote

import pytest

from tests.kernel.processes import Answer, Person, Web

pytestmark = pytest.mark.databases

SEED = 2_000
REQUESTS = 2_000
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")
IN_A_ROOM = ("start", "join", "leave", "hands", "participants", "events")
ABOUT_SOMEBODY = ("hands", "speakers", "muted", "removed", "blocked")
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 10**18, "", " ", "\0", "a\0b", "\u202e", "\ufffe", "x" * 300,
    "9" * 5000, "😀" * 40, [], [[]], {}, {"a": 1}, ["a"] * 50, "acc_x", "٣", "null",
    "<script>", "' OR 1=1 --",
)  # fmt: skip


@pytest.fixture(scope="module")
def room_id(web: Web, ana: Person) -> str:
    """A room of Ana's."""
    answer = web.ask("POST", "/api/v1/rooms", {"title": "Tea"}, ana)
    assert answer.status == 201, answer.body
    shown = web.ask("GET", "/api/v1/rooms", None, ana, {"Min-Position": answer.headers["Position"]})
    assert shown.status == 200, shown.body
    return str(answer.json["id"])


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b"{", None),
        (b"[]", None),
        (b'"x"', None),
        (b'{"title":"a","title"', None),
        (b"\xff\xfe", None),
        (b'{"title": NaN}', None),
        (b"{}", ["/title"]),
        (b'{"title":null}', ["/title"]),
        (b'{"title":["Tea"]}', ["/title"]),
        (b'{"title":"Tea","topic_ids":"x"}', ["/topic_ids"]),
        (b'{"title":"Tea","topic_ids":["ok","not ok"]}', ["/topic_ids/1"]),
        (b'{"title":"Tea","audience_policy":"nobody"}', ["/audience_policy"]),
        (b'{"title":"Tea","loud":1,"host_id":"me"}', ["/host_id", "/loud"]),
    ],
)
def test_a_wrong_body_is_pointed_at(
    web: Web, ana: Person, body: bytes, pointers: list[str] | None
) -> None:
    answer = web.ask("POST", "/api/v1/rooms", body, ana)

    must_be_a_problem(answer)
    assert answer.status == 400
    if pointers is not None:
        assert sorted(error["pointer"] for error in answer.json["errors"]) == pointers
        assert all(error["detail"] for error in answer.json["errors"])


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/api/v1/rooms?colour=red", "/colour"),
        ("/api/v1/rooms/{room}?x=1", "/x"),
        ("/api/v1/rooms/{room}/events?since=1", "/since"),
        ("/api/v1/rooms/{room}/participants?page=1", "/page"),
    ],
)
def test_an_unknown_parameter_is_refused(
    web: Web, ana: Person, room_id: str, path: str, pointer: str
) -> None:
    answer = web.ask("GET", path.format(room=room_id), None, ana)

    assert answer.status == 400
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "", "9" * 30, "9" * 5000, "٣", "1e3"])
def test_a_number_that_is_none_is_refused(web: Web, ana: Person, room_id: str, text: str) -> None:
    for name in ("after", "wait", "limit"):
        path = f"/api/v1/rooms/{room_id}/events?{name}={quote(text)}"
        assert web.ask("GET", path, None, ana).status == 400, name
    if text.isascii():
        assert web.ask("GET", "/api/v1/rooms", None, ana, {"Min-Position": text}).status == 400


def test_a_tag_that_a_view_gave_may_come_back(web: Web, ana: Person, room_id: str) -> None:
    position = web.ask("PATCH", f"/api/v1/rooms/{room_id}", {}, ana).headers["Position"]
    shown = web.ask("GET", f"/api/v1/rooms/{room_id}", None, ana, {"Min-Position": position})
    tag = shown.headers["ETag"]
    change = {"speak_policy": "invited"}

    changed = web.ask("PATCH", f"/api/v1/rooms/{room_id}", change, ana, {"If-Match": tag})
    stale = web.ask(
        "PATCH", f"/api/v1/rooms/{room_id}", {"speak_policy": "everyone"}, ana, {"If-Match": tag}
    )
    nonsense = web.ask("PATCH", f"/api/v1/rooms/{room_id}", change, ana, {"If-Match": "9" * 5000})

    assert (changed.status, stale.status, nonsense.status) == (200, 412, 400)
    assert stale.json["code"] == "version-mismatch"


def test_every_problem_that_is_answered_has_a_page(web: Web, ana: Person) -> None:
    listed = web.ask("GET", "/problems")
    assert listed.status == 200
    links = {piece.split(b'"')[0].decode() for piece in listed.body.split(b'href="')[1:]}
    pages = sorted(link for link in links if "problems/" in link)
    assert len(pages) > 20
    for page in pages:
        path = page if page.startswith("/") else f"/problems/{page.rpartition('/')[2]}"
        assert web.ask("GET", path).status == 200, page
    for answer in (
        web.ask("GET", "/api/v1/rooms"),
        web.ask("GET", "/nothing"),
        web.ask("POST", "/api/v1/rooms", b"{", ana),
        web.ask("DELETE", "/api/v1/rooms", None, ana),
    ):
        assert web.ask("GET", answer.json["type"]).status == 200, answer.json


def must_be_a_problem(answer: Answer) -> None:
    """Every 4xx is a problem document with a type, a title, a status and a code."""
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer
    document = answer.json
    assert document["status"] == answer.status
    assert document["type"] == f"/problems/{document['code']}"
    assert document["title"].endswith(".")


class Nonsense:
    """Requests that are wrong in one of many ways, or nearly right."""

    def __init__(self, seed: int, room_id: str, ana: Person) -> None:
        self.chance = random.Random(seed)
        odd_ids = [
            "me",
            "acc_",
            "x",
            "%00",
            "..",
            "%2e%2e",
            "a" * 300,
            "%F0%9F%98%80",
            "room_" + "z" * 26,
        ]
        someone = [ana.public_id, *odd_ids]
        room = [room_id, *odd_ids]
        self.paths = [
            "accounts", "tokens", "rooms", "accounts/me",
            *(f"accounts/{a}" for a in someone), *(f"accounts/me/following/{a}" for a in someone),
            *(f"accounts/me/blocked/{a}" for a in odd_ids), *(f"rooms/{r}" for r in room),
            *(f"rooms/{r}/{w}" for r in room for w in IN_A_ROOM),
            *(f"rooms/{r}/{w}/{a}" for r in room[:3] for a in someone for w in ABOUT_SOMEBODY),
        ]  # fmt: skip
        self.members = (
            "title", "description", "topic_ids", "audience_policy", "speak_policy", "handle",
            "password", "name", "bio", "code", "reason", "after", "x",
        )  # fmt: skip

    def request(self) -> tuple[str, str, bytes | None, dict[str, str]]:
        chance = self.chance
        path = "/api/v1/" + chance.choice(self.paths) + self._query()
        headers = {
            "Content-Type": chance.choice(
                ["application/json"] * 8 + ["text/plain", "x", "multipart/form-data"]
            )
        }
        for name in (
            "If-Match",
            "If-None-Match",
            "Min-Position",
            "Idempotency-Key",
            "Accept",
            "X-Request-Id",
        ):
            if chance.random() < 0.1:
                headers[name] = chance.choice(
                    ["*", '"1"', "x", "9" * 3000, "1", "\u00e9", "-1", "\x7f", "application/xml"]
                )
        if chance.random() < 0.1:
            headers["Authorization"] = chance.choice(
                ["Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5000, "x"]
            )
        return self._method(path), path, self._body(), headers

    def _method(self, path: str) -> str:
        """Return a method that the address knows, mostly."""
        words = path.partition("?")[0].split("/")[3:]
        if self.chance.random() < 0.1:
            return self.chance.choice(METHODS)
        if len(words) == 4 or (len(words) == 3 and words[0] == "accounts" and words[1] == "me"):
            return self.chance.choice(("PUT", "DELETE"))
        if words[-1] in {"start", "join", "leave", "tokens", "accounts"}:
            return "POST"
        return self.chance.choice(("GET", "GET", "PATCH", "POST"))

    def _query(self) -> str:
        if self.chance.random() < 0.5:
            return ""
        cursors = [
            base64.b64encode(c.encode()).decode()
            for c in ("p=x", "r=1", "o=99999999999999", "p=", "p=%00")
        ]
        names = ("limit", "cursor", "state", "host_id", "after", "handle", "x", "wait%5B", "")
        values = [*(quote(str(odd)) for odd in ODD), *cursors, "%ff", "%00", "live"]
        pairs = [
            f"{self.chance.choice(names)}={self.chance.choice(values)}"
            for _ in range(self.chance.randrange(1, 4))
        ]
        return "?" + "&".join(pairs)

    def _body(self) -> bytes | None:
        kind = self.chance.randrange(8)
        if kind == 0:
            return None
        if kind == 1:
            return self.chance.randbytes(self.chance.randrange(300))
        if kind == 2:
            return "".join(self.chance.choices(string.printable, k=100)).encode()
        if kind == 3:
            return self.chance.choice(
                [b"[" * 5000, b'{"a":' * 3000, b"null", b"{}", b'{"title":"\\ud800"}']
            )
        chosen = self.chance.sample(self.members, self.chance.randrange(0, 5))
        return json.dumps({name: self.chance.choice(ODD) for name in chosen}).encode()


def test_no_nonsense_is_answered_by_a_failure_of_ours(web: Web, ana: Person, room_id: str) -> None:
    nonsense, statuses, failures = Nonsense(SEED, room_id, ana), dict[int, int](), []
    for _ in range(REQUESTS):
        method, path, body, headers = nonsense.request()
        encoded = {name: text.encode("latin-1").decode("latin-1") for name, text in headers.items()}
        who = None if "Authorization" in headers else ana
        answer = web.ask(method, path, body, who, encoded)
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
        if answer.status >= 500 and answer.body[:200].find(b"projection-behind") < 0:
            failures.append((method, path[:200], (body or b"")[:200], headers, answer.body[:200]))
        elif answer.status >= 400 and method != "HEAD" and answer.body[:1] == b"{":
            must_be_a_problem(answer)

    print(f"seed {SEED}: {REQUESTS} requests, {dict(sorted(statuses.items()))}")
    assert failures == []
