"""Which commands count on a limit when somebody asks for them; what the system asks counts not."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

Command = TypeVar("Command", bound=Callable[..., Any])
_limits: Final[dict[Callable[..., Any], str]] = {}


def limited(name: str) -> Callable[[Command], Command]:
    """Let a command count on a limit of the table; REST and sockets look it up."""

    def note(command: Command) -> Command:
        _limits[command] = name
        return command

    return note


def limit_of(command: Callable[..., Any]) -> str | None:
    """Return the limit on which a command counts."""
    return _limits.get(command)
