"""The AsyncAPI document: every frame of every socket, made from the types of the messages."""

from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from django.conf import settings

from rooms.api import frames as rooms
from rooms.api import tray_frames as tray
from spaces_project.interface.examples import example_of
from spaces_project.interface.openapi import VERSION, as_yaml, with_examples
from spaces_project.kernel.schemas import Schema, with_what_it_names
from spaces_project.kernel.sockets.channels_told import CLOSES, Channel

SUBPROTOCOL: Final = "rooms.v1"
CHANNELS: Final[tuple[Channel, ...]] = (*rooms.CHANNELS, *tray.CHANNELS)
ABOUT: Final = """\
The sockets of Spaces, told from the server's side: what it `send`s, a client receives; what it
`receive`s, a client sends. Text frames of JSON, subprotocol `rooms.v1`.

The first frame says who it is, within 5 s; no token stands in an address. Then comes a snapshot, or
what was missed since `after`, and then everything that happens. `seq` is 1, 2, 3 without holes: the
last one plus 1 is applied, less is dropped, more means reconnect and resume. A type that you do not
know moves your `seq` and nothing else.

A message has at most 64 KiB. 20 messages a second are taken, 40 at once.
"""


@cache
def asyncapi() -> dict[str, Any]:
    """Return the document (AsyncAPI 3.0.0)."""
    address = urlsplit(settings.BASE_URL)
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {"title": "Spaces", "version": VERSION, "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "web": {
                "host": address.netloc,
                "protocol": "wss" if address.scheme == "https" else "ws",
            }
        },
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {k: v for channel in CHANNELS for k, v in _operations(channel).items()},
        "components": {"messages": {}},
    }
    for channel in CHANNELS:
        document["components"]["messages"] |= _messages(channel)
    document["components"]["schemas"] = with_examples(with_what_it_names(document))
    found: dict[str, Any] = orjson.loads(orjson.dumps(document))
    return found


@cache
def asyncapi_json() -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(asyncapi(), option=orjson.OPT_INDENT_2)


@cache
def asyncapi_yaml() -> bytes:
    """Return the document as YAML."""
    return as_yaml(asyncapi())


def message_name(channel: Channel, side: str, kind: str) -> str:
    """Return the name of a message: ``room.says.hand.raised``."""
    return f"{channel.name}.{side}.{kind}"


def _sides(channel: Channel) -> dict[str, dict[str, tuple[str, Schema]]]:
    return {"says": channel.says, "hears": {**channel.hears, **channel.commands}}


def _channel(channel: Channel) -> dict[str, Any]:
    names = [
        message_name(channel, s, kind) for s, known in _sides(channel).items() for kind in known
    ]
    found: dict[str, Any] = {
        "address": channel.address,
        "title": channel.name,
        "description": channel.about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
        "x-subprotocol": SUBPROTOCOL,
        "x-close-codes": {
            str(code): {"means": means, "come_back": back} for code, (means, back) in CLOSES.items()
        },
    }
    if channel.parameters:
        found["parameters"] = {
            name: {"description": known.about, "examples": known.schema.get("examples", [])}
            for name, known in channel.parameters.items()
        }
    return found


def _operations(channel: Channel) -> dict[str, Any]:
    where = {"$ref": f"#/channels/{channel.name}"}

    def messages(side: str, kinds: Any) -> list[dict[str, str]]:
        names = [message_name(channel, side, kind) for kind in kinds]
        return [{"$ref": f"#/channels/{channel.name}/messages/{name}"} for name in names]

    found: dict[str, Any] = {
        f"{channel.name}.tell": {
            "action": "send",
            "channel": where,
            "summary": "What the server says.",
            "messages": messages("says", channel.says),
        },
        f"{channel.name}.hear": {
            "action": "receive",
            "channel": where,
            "summary": "Who it is, and heartbeats.",
            "messages": messages("hears", channel.hears),
        },
    }
    if channel.commands:
        found[f"{channel.name}.command"] = {
            "action": "receive",
            "channel": where,
            "summary": "A command; its answer names its `ref`.",
            "messages": messages("hears", channel.commands),
            "reply": {"channel": where, "messages": messages("says", ("ack", "error"))},
        }
    return found


def _messages(channel: Channel) -> dict[str, Any]:
    return {
        message_name(channel, side, kind): {
            "name": kind,
            "title": kind,
            "summary": about,
            "payload": schema,
            "examples": [{"payload": example_of(schema)}],
        }
        for side, known in _sides(channel).items()
        for kind, (about, schema) in known.items()
    }
