"""Every operation that is described, by its whole address."""

from functools import cache
from typing import Final

from accounts.api import operations as accounts
from media import operations as media
from rooms.api import operations as rooms
from spaces_project.kernel.web.operations import Operation, Operations
from spaces_project.kernel.webhooks.api import operations as webhooks

BASE: Final = "/api/v1/"
TAGS: Final = {
    "accounts": "Who people are, whom they follow, whom they blocked.",
    "rooms": "Rooms, their stage and their people.",
    "webhooks": "What other servers are told.",
    "media": "Sound: WHIP to speak, WHEP to listen (RFC 9725), or HLS with a delay.",
}
# Served by Django's views; the media node's operations are not.
BY_APP: Final[dict[str, Operations]] = {
    "accounts": accounts.OPERATIONS,
    "rooms": rooms.OPERATIONS,
    "webhooks": webhooks.OPERATIONS,
}
FORWARDED: Final[Operations] = media.OPERATIONS


@cache
def described() -> dict[tuple[str, str], tuple[str, Operation]]:
    """Return tag and operation by method and whole path."""
    found = {}
    for tag, operations in (*BY_APP.items(), ("media", FORWARDED)):
        for line, operation in operations.items():
            method, path = line.split(" ")
            found[method, BASE + path] = (tag, operation)
    return found
