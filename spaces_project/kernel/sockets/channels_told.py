"""What clients are told of a socket: its address, what it says and what it hears.

Each app lists its sockets in ``api/frames.py``; ``spaces_project/interface`` makes the AsyncAPI
document of them.
"""

from dataclasses import dataclass, field
from typing import Final

from spaces_project.kernel.schemas import Schema, thing
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.web.operations import Parameter

Frames = dict[str, tuple[str, Schema]]  # by type: a sentence, and what it looks like

HEARTBEAT: Final = "Goes either way every 20 s; who hears nothing for 45 s closes the socket."
PING: Final = thing({"type": {"const": "ping"}}, about=HEARTBEAT)
PONG: Final = thing({"type": {"const": "pong"}}, about="Answers a ping.")
BEATS: Final[Frames] = {"ping": (HEARTBEAT, PING), "pong": ("Answers a ping.", PONG)}

# Code -> what it means, and whether to come back.
CLOSES: Final[dict[int, tuple[str, str]]] = {
    close_codes.BAD_FRAME: ("not a frame", "after mending it"),
    close_codes.NOT_AUTHENTICATED: (
        "no `auth` frame in time, or the token has expired",
        "with a fresh token",
    ),
    close_codes.AUTHENTICATION_FAILED: ("the token is not valid", "no"),
    close_codes.RATE_LIMITED: (
        "too many messages, too much that waits, or too many sockets",
        "after 5 s",
    ),
    close_codes.TIMED_OUT: ("nothing heard for 45 s", "at once"),
    close_codes.TOO_SLOW: ("the reader stood still for 10 s", "at once"),
    close_codes.FORBIDDEN: ("removed, blocked, or not among those who may come in", "no"),
    close_codes.NOT_FOUND: ("no such room", "no"),
    close_codes.ELSEWHERE: ("the same person opened the room in another place", "no"),
    close_codes.ROOM_OVER: ("the room has ended", "no"),
    close_codes.FULL: (
        "this process has as many sockets as it takes",
        "after a random moment",
    ),
    close_codes.INTERNAL: ("something broke on the server", "with a growing pause"),
    close_codes.RESTART: (
        (
            "the server starts the room's sockets again; "
            "resume, and join again if you read that you left"
        ),
        "after a random moment",
    ),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One socket."""

    name: str
    address: str
    about: str
    says: Frames
    hears: Frames
    commands: Frames = field(default_factory=dict)  # answered with ``ack`` or ``error``
    parameters: dict[str, Parameter] = field(default_factory=dict)
