"""What tests of webhooks say often."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from rest_framework.test import APIClient

from accounts import commands as accounts
from rooms import commands
from rooms.webhooks import TYPES
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.webhooks.feed import Feed
from spaces_project.kernel.webhooks.sender import Sender
from spaces_project.kernel.webhooks.sources import told
from tests.accounts.people import client
from tests.kernel.jars import eventually
from tests.projections.scenes import live_room, someone
from tests.webhooks.receivers import Received

ENDPOINTS = "/api/v1/webhook-endpoints"
PATIENCE_S = 60.0
NUMBERS = count(1)


def people(how_many: int) -> list[UUID]:
    """Return new accounts."""
    return [someone(f"somebody_{next(NUMBERS)}") for _ in range(how_many)]


def feed(sender: Sender | None = None) -> None:
    """Let the feed come to the end of the log, and the sender look."""
    while project(Feed(told())):
        pass
    if sender is not None:
        sender.wake()


def endpoint(owner: UUID, url: str, *types: str) -> dict[str, Any]:
    """Return a new endpoint of an account, with its secret."""
    made = client(owner).post(ENDPOINTS, {"url": url, "types": list(types)}, format="json")
    assert made.status_code == 201, made.content
    body: dict[str, Any] = made.json()
    return body


def with_key(secret: str) -> APIClient:
    """Return a server that asks with a key."""
    found = APIClient()
    found.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return found


def operators_key(*scopes: str) -> str:
    """Return a key that acts for nobody."""
    return accounts.make_key(account_id=None, name="bot", scopes=scopes).secret


def ask(owner: UUID, line: str, body: object = None) -> Any:
    """Ask as an account: ``POST whe_…/test``."""
    method, path = line.split(" ", 1)
    if method == "GET":
        return client(owner).get(f"{ENDPOINTS}/{path}")
    return getattr(client(owner), method.lower())(f"{ENDPOINTS}/{path}", body or {}, format="json")


def room_of(host: UUID, *inside: UUID) -> UUID:
    """Return a live room with some people inside."""
    return live_room(host, *inside)


def come_and_go(room_id: UUID, account_id: UUID) -> None:
    """Let somebody come in and leave: two events."""
    commands.join(room_id=room_id, account_id=account_id)
    commands.leave(room_id=room_id, account_id=account_id)


def soon(holds: Callable[[], bool]) -> bool:
    """Wait until something holds; on a busy machine that may take long."""
    return eventually(holds, PATIENCE_S)


def seqs(received: Sequence[Received]) -> list[int]:
    """Return the seqs of requests in the order in which they came."""
    return [request.json["room_seq"] for request in received]


def types(received: Sequence[Received]) -> list[str]:
    """Return the types of requests in the order in which they came."""
    return [request.json["type"] for request in received]


def room_in(request: Received) -> str:
    """Return the room of a request."""
    found: str = request.json["data"]["room_id"]
    return found


def seqs_to_tell(room_id: UUID) -> list[int]:
    """Return the seqs of a room's events that are told, from its history."""
    return [r.seq or 0 for r in event_log().history(room_id) if type(r.event) in TYPES]
