"""A web process that is killed leaves no ghosts inside, and shuts nobody out who is connected."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.clients import NoAnswer, Person, RoomSocket, sign_up
from tests.kernel.jars import eventually
from tests.product import Product

pytestmark = pytest.mark.alone

GHOSTS = 5
GONE_WITHIN_S = 60.0  # the promise is 15, on a machine that does nothing else


def test_a_killed_web_process_leaves_no_ghosts(product: Product) -> None:
    looker = sign_up(product.base_url, "Looker")
    room_id = looker.get("rooms?state=live").body["results"][0]["id"]
    looker.must("POST", f"rooms/{room_id}/join")
    ghosts = [sign_up(product.base_url, f"Ghost{number}") for number in range(GHOSTS)]
    sockets = [_entered(person, room_id) for person in ghosts]
    web = product.pids["web"]

    product.kill("web")
    killed_at = time.monotonic()
    product.wait_until_back("web", web)
    again = _as_soon_as_it_answers(lambda: RoomSocket(looker, room_id))
    gone = {ghost.id for ghost in ghosts}
    assert eventually(lambda: not _inside(looker, room_id) & gone, GONE_WITHIN_S)

    print(f"{GHOSTS} ghosts were gone {time.monotonic() - killed_at:.1f} s after web was killed")
    assert looker.id in _inside(looker, room_id)
    left = [e for e in _history(looker, room_id) if e["type"] == "participant.left"]
    out = [e["data"]["account_id"] for e in left]
    assert {person: out.count(person) for person in (*gone, looker.id)} == {
        **dict.fromkeys(gone, 1),
        looker.id: 0,
    }
    back = _entered(ghosts[0], room_id)
    assert eventually(lambda: ghosts[0].id in _inside(looker, room_id))
    for socket in (*sockets, again, back):
        socket.close()


def _entered(person: Person, room_id: str) -> RoomSocket:
    socket = RoomSocket(person, room_id).wait_until_open()
    assert socket.command("room.join")["type"] == "ack"
    return socket


def _as_soon_as_it_answers(connect: Callable[[], RoomSocket]) -> RoomSocket:
    found: list[RoomSocket] = []

    def try_to() -> bool:
        try:
            found.append(connect())
        except NoAnswer:
            return False
        return True

    assert eventually(try_to, GONE_WITHIN_S)
    return found[0]


def _inside(looker: Person, room_id: str) -> set[str]:
    listed = looker.get(f"rooms/{room_id}/participants?limit=100").body["results"]
    return {each["account_id"] for each in listed}


def _history(looker: Person, room_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while page := looker.get(f"rooms/{room_id}/events?after={len(found)}").body["events"]:
        found += page
    return found
