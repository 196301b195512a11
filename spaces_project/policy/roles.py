"""The roles that ask, in the order of the table's columns."""

from typing import Final

ROLES: Final = {
    "anonymous": "without a token",
    "guest": "without a name; inside the live public room",
    "stranger": "signed in, and nothing more",
    "invited": "invited to the room and, just now, to speak; not inside",
    "listener": "inside",
    "requested": "inside, with a raised hand",
    "speaker": "on stage",
    "cohost": "on stage, appointed by the host",
    "host": "who hosts the room now, and is inside",
    "removed": "put out of this room by a leader",
    "blocked": "put out of all rooms of the host",
    "elsewhere": "hosts another room; not inside this one",
}
