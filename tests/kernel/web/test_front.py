"""Who may wait waits apart: however a request is written, it never holds up all others."""

from datetime import timedelta
from uuid import uuid4

import pytest

from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.refusals import TooManyRequests
from spaces_project.kernel.web.front import WAITS_EACH, Front
from spaces_project.kernel.web.wsgi_pool import Done, Environ

ROOM = "/api/v1/rooms/room_01k9z6vw5gf3t8m2c4x7r1pq0n"
ENDPOINTS = "/api/v1/webhook-endpoints"


class Pool:
    """A pool that answers when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Done] = []

    def submit(self, environ: Environ, done: Done, *, close: bool) -> None:
        """Keep a request."""
        del environ, close
        self.waiting.append(done)


def asked(path: str, query: str = "", method: str = "GET", **headers: str) -> Environ:
    """Return the environment of a request."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    return {**environ, "REMOTE_ADDR": "192.0.2.1", **headers}


def submit(front: Front, environ: Environ) -> None:
    assert front.submit(environ, lambda _: None, close=False)


@pytest.mark.parametrize(
    ("path", "query", "method", "waits"),
    [
        (f"{ROOM}/events", "after=3", "GET", False),
        (f"{ROOM}/events", "await=3", "GET", False),
        (f"{ROOM}/events", "after=3&wait=25", "GET", True),
        (f"{ROOM}/events", "%77ait=25", "GET", True),
        (f"{ROOM}/events", "after=3&w%61%69t=25", "GET", True),
        (f"{ROOM}/at", "seq=3", "GET", True),
        (ROOM, "", "GET", False),
        (ENDPOINTS, "", "GET", False),
        (ENDPOINTS, "", "POST", True),
        (f"{ENDPOINTS}/whe_1", "", "PATCH", True),
        (f"{ENDPOINTS}/whe_1", "", "GET", False),
        (f"{ENDPOINTS}/whe_1/test", "", "POST", False),
    ],
)
def test_what_may_take_long_waits_in_a_pool_of_its_own(
    path: str, query: str, method: str, waits: bool
) -> None:
    rest, waiting = Pool(), Pool()

    submit(Front(rest=rest, waiting=waiting), asked(path, query, method))  # type: ignore[arg-type]

    assert (len(rest.waiting), len(waiting.waiting)) == (not waits, waits)


def test_one_person_waits_only_so_often_with_however_many_tokens() -> None:
    ana, bo = uuid4(), uuid4()
    pool = Pool()
    front = Front(rest=Pool(), waiting=pool)  # type: ignore[arg-type]

    def wait(header: str) -> None:
        submit(front, asked(f"{ROOM}/events", "wait=25", HTTP_AUTHORIZATION=header))

    def token(who: object) -> str:
        return issue_token(who, frozenset(), timedelta(minutes=5))  # type: ignore[arg-type]

    one = token(ana)
    for header in (f"Bearer {one}", f"bearer {one}", f"Bearer   {one} ", f"BEARER {token(ana)}"):
        wait(header)
    assert len(pool.waiting) == WAITS_EACH
    for header in (f"Bearer {one}", f"bEARER  {one}", f"Bearer {token(ana)}"):
        with pytest.raises(TooManyRequests):
            wait(header)
    wait(f"Bearer {token(bo)}")
    pool.waiting[0](b"")
    wait(f"Bearer {token(ana)}")
    assert len(pool.waiting) == WAITS_EACH + 2


def test_whoever_is_nobody_waits_by_address() -> None:
    front = Front(rest=Pool(), waiting=Pool())  # type: ignore[arg-type]
    for number in range(WAITS_EACH):
        header = f"Bearer nonsense{number}"
        submit(front, asked(f"{ROOM}/events", "wait=25", HTTP_AUTHORIZATION=header))

    with pytest.raises(TooManyRequests):
        submit(front, asked(f"{ROOM}/events", "wait=25"))
    submit(front, asked(f"{ROOM}/events", "wait=25", REMOTE_ADDR="192.0.2.2"))
