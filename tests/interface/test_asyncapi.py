"""The AsyncAPI document is valid, and tells of every frame that there is."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import msgspec
import pytest

from rooms.announcements import TYPES, announce
from rooms.api.frames import EVENTS
from rooms.routing import websocket_urlpatterns
from rooms.socket_commands import SOCKET_COMMANDS
from spaces_project.interface.asyncapi import CHANNELS, asyncapi
from spaces_project.kernel.documents import sample
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.channels_told import CLOSES
from tests.architecture.tree import PROJECT
from tests.frames import FrameNotAsDescribed, check_frame

SPECIFICATION = Path(__file__).parent / "asyncapi" / "asyncapi-3.0.0.json"
MESSAGES = asyncapi()["components"]["messages"]


def test_the_document_is_valid() -> None:
    validator = jsonschema_rs.Draft7Validator(json.loads(SPECIFICATION.read_text("utf-8")))

    assert [str(error)[:500] for error in validator.iter_errors(asyncapi())] == []


def test_the_specification_can_say_no() -> None:
    validator = jsonschema_rs.Draft7Validator(json.loads(SPECIFICATION.read_text("utf-8")))
    wrong = {**asyncapi(), "operations": {"room.tell": {"action": "shout"}}}

    assert not validator.is_valid(wrong)


def test_every_socket_is_told() -> None:
    routed = {
        "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern)) for route in websocket_urlpatterns
    }

    assert {channel.address for channel in CHANNELS} == routed


def test_every_event_and_no_other_has_its_data() -> None:
    assert set(EVENTS) == set(TYPES.values())


@pytest.mark.parametrize("event_type", TYPES, ids=lambda known: known.__name__)
def test_every_event_is_announced_as_it_is_told(event_type: Any) -> None:
    told = announce(Recorded(position=1, room_id=UUID(int=1), seq=1, event=sample(event_type)), {})

    check_frame(told.full)
    check_frame(told.public)


@pytest.mark.parametrize("kind", SOCKET_COMMANDS)
def test_the_example_of_every_command_is_one(kind: str) -> None:
    (example,) = MESSAGES[f"room.hears.{kind}"]["examples"]

    check_frame(example["payload"], side="hears")
    msgspec.convert(example["payload"].get("data", {}), SOCKET_COMMANDS[kind].data)


def test_every_example_is_valid() -> None:
    for name, message in MESSAGES.items():
        channel, side, _ = name.split(".", 2)
        check_frame(message["examples"][0]["payload"], channel, side)


def test_every_close_code_is_told() -> None:
    codes = {code for code in vars(close_codes).values() if isinstance(code, int)}

    for channel in asyncapi()["channels"].values():
        assert {int(code) for code in channel["x-close-codes"]} == codes


def test_the_protocols_page_has_the_same_close_codes() -> None:
    page = (PROJECT / "docs" / "protocol.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d{4}) \| (.+) \| (.+) \|$", page, re.MULTILINE)

    assert {int(code): (means, back) for code, means, back in rows} == CLOSES


@pytest.mark.parametrize(
    "lie",
    [
        {"type": "secret.told", "seq": 1},
        {"type": "ack", "ref": "c1"},
        {"type": "ack", "ref": "c1", "seq": "1"},
        {"type": "ack", "ref": "c1", "seq": 1, "position": 7},
        {"type": "snapshot", "seq": 1, "epoch": "1", "state": {}},
    ],
)
def test_a_frame_that_is_not_as_it_is_told_is_found(lie: dict[str, Any]) -> None:
    with pytest.raises(FrameNotAsDescribed):
        check_frame(lie)
