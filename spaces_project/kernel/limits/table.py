"""The table of limits: how often, in how long, counted for whom. There is no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``amount`` in any ``window_s`` seconds for each subject.

    :param window_s: 0 for what is counted while it lasts, e.g. open sockets.
    :param subject: for whom it counts: an account (for webhooks whose endpoints they
        are: an account, or a key that hears all rooms), an address, or one socket.
    """

    name: str
    amount: int
    window_s: int
    subject: str = "account"


DEFAULTS: Final = (
    Limit("rest", 3000, 60, "account, or address without one"),
    Limit("registrations", 60, 3600, "address"),
    Limit("guests", 300, 3600, "address"),  # behind one address there may be a whole school
    Limit("sign-ins", 300, 60, "address"),  # a password takes 20 ms of a processor to try
    Limit("rooms", 10, 3600),
    Limit("joins", 30, 60),
    Limit("invitations", 30, 60),
    Limit("reactions", 5, 5),
    Limit("reports", 20, 3600),
    Limit("offers", 6, 60),
    Limit("webhook-tests", 10, 60),
    Limit("webhook-replays", 10, 60),
    Limit("hls", 600, 60),
    Limit("socket-messages", 20, 1, "socket"),
    Limit("sockets", 5, 0),
    Limit("process-sockets", 10_000, 0, "process"),
)


def limits_from(environment: Mapping[str, str], **ours: tuple[int, int]) -> dict[str, Limit]:
    """Return the table as an operator set it: ``SPACES_LIMIT_JOINS=30/60`` or ``none``.

    :param ours: other defaults, from another table of settings: amount and seconds.
    :raises ValueError: names the variable that is neither.
    """
    table = {}
    for default in DEFAULTS:
        variable = f"SPACES_LIMIT_{default.name.upper().replace('-', '_')}"
        amount, window_s = ours.get(default.name, (default.amount, default.window_s))
        if wished := environment.get(variable):
            if wished == NONE:
                continue
            amount, window_s = _read(variable, wished)
        table[default.name] = Limit(default.name, amount, window_s, default.subject)
    return table


def _read(variable: str, wished: str) -> tuple[int, int]:
    amount, _, window_s = wished.partition("/")
    if not (amount.isdecimal() and window_s.isdecimal()):
        raise ValueError(f"{variable} must be like 30/60 (how many, in how many seconds), or none.")
    return int(amount), int(window_s)
