"""The sockets as the page under ``/api/docs`` shows them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from spaces_project.interface.asyncapi import CHANNELS
from spaces_project.interface.view_model import Member, members_of
from spaces_project.kernel.sockets.channels_told import CLOSES, Channel, Frames


@dataclass(frozen=True, slots=True)
class Frame:
    """One type of frame."""

    type: str
    about: str
    members: list[Member]


@dataclass(frozen=True, slots=True)
class ShownSocket:
    """One socket."""

    name: str
    address: str
    about: str
    sides: list[tuple[str, list[Frame]]]
    closes: list[tuple[int, str, str]]


@cache
def sockets() -> list[ShownSocket]:
    """Return every socket."""
    closes = [(code, means, back) for code, (means, back) in CLOSES.items()]
    return [ShownSocket(c.name, c.address, c.about, _sides(c), closes) for c in CHANNELS]


def _sides(channel: Channel) -> list[tuple[str, list[Frame]]]:
    events = {kind: told for kind, told in channel.says.items() if _is_event(told[1])}
    beside = {kind: told for kind, told in channel.says.items() if kind not in events}
    return [
        ("Events", _frames(events, data=True)),
        ("Beside the events", _frames(beside)),
        ("Commands", _frames(channel.commands, data=True)),
        ("What else one says", _frames(channel.hears)),
    ]


def _is_event(schema: Any) -> bool:
    return {"seq", "id", "actor", "data"} <= set(schema["properties"])


def _frames(frames: Frames, *, data: bool = False) -> list[Frame]:
    found = []
    for kind, (about, schema) in frames.items():
        shown = schema["properties"].get("data", {}) if data else schema
        members = [member for member in members_of(shown) if member.name != "type"]
        found.append(Frame(kind, about, members))
    return found
