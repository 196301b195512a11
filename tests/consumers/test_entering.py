"""Coming in: who it is within five seconds, from a page that may; else a code that says why."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rooms import commands as rooms
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import SUBPROTOCOL, Socket, Talk, unknown_room
from tests.kernel.processes import Web, somebody

pytestmark = pytest.mark.databases

BAD_FIRST_FRAMES = (
    "",
    "{",
    "[]",
    "null",
    '"auth"',
    '{"type":"auth"}',
    '{"type":"auth","token":7}',
    '{"type":"auth","token":"x","after":"1"}',
    '{"type":"auth","token":"x","after":1.5}',
    '{"type":"ping"}',
    '{"type":"room.join","ref":"1"}',
    b'{"type":"auth","token":"x"}',
)


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


async def test_the_first_thing_is_a_snapshot_and_then_what_happens(web: Web, talk: Talk) -> None:
    one = await Socket.enter(web, talk, talk.host)
    snapshot = await one.read()
    seq = await asyncio.to_thread(talk.go_on)

    assert snapshot["type"] == "snapshot"
    assert snapshot["seq"] == snapshot["state"]["seq"] == seq - 1
    assert snapshot["state"]["id"] == talk.public_id
    assert snapshot["epoch"]
    event = await one.read()
    assert (event["type"], event["seq"]) == ("speaker.unmuted", seq)
    assert event["actor"] == event["data"]["account_id"] == talk.host.public_id
    assert event["at"].endswith("Z")
    await one.close()


@pytest.mark.alone
async def test_who_says_nothing_is_let_go_after_five_seconds(web: Web, talk: Talk) -> None:
    one = await Socket.open(web, talk.public_id)
    started = time.monotonic()

    assert await one.closed(8) == close_codes.NOT_AUTHENTICATED
    assert 4.5 < time.monotonic() - started < 6.5


async def test_a_token_that_is_not_valid_is_final(web: Web, talk: Talk) -> None:
    account_id = talk.host.account_id
    tokens = (
        "",
        "nonsense",
        talk.host.token[:-4] + "AAAA",
        "x" * 5000,
        issue_token(account_id, frozenset(), timedelta(seconds=-1)),
    )
    for token in tokens:
        one = await Socket.open(web, talk.public_id)
        await one.send(type="auth", token=token)

        assert await one.closed() == close_codes.AUTHENTICATION_FAILED, token


async def test_a_token_that_runs_out_ends_the_socket(web: Web, talk: Talk) -> None:
    one = await Socket.open(web, talk.public_id)
    short = issue_token(talk.host.account_id, frozenset(), timedelta(seconds=1))
    await one.send(type="auth", token=short)

    assert (await one.read())["type"] == "snapshot"
    assert await one.closed() == close_codes.NOT_AUTHENTICATED


@pytest.mark.parametrize("frame", BAD_FIRST_FRAMES)
async def test_a_first_frame_that_is_none_ends_it(web: Web, talk: Talk, frame: str | bytes) -> None:
    one = await Socket.open(web, talk.public_id)
    await one.connection.send(frame)

    assert await one.closed() == close_codes.BAD_FRAME


@pytest.mark.parametrize("room", ["nonsense", "acc_01h455vb4pex5vsknk084sn02q", None])
async def test_a_room_that_is_not_there(web: Web, talk: Talk, room: str | None) -> None:
    one = await Socket.open(web, room or unknown_room())
    with suppress(ConnectionClosed):  # what is no name at all is refused before the first frame
        await one.send(type="auth", token=talk.host.token)

    assert await one.closed() == close_codes.NOT_FOUND


async def test_a_room_that_is_over(web: Web, talk: Talk) -> None:
    await asyncio.to_thread(talk.end)
    one = await Socket.enter(web, talk, talk.host)

    assert await one.closed() == close_codes.ROOM_OVER


async def test_who_was_removed_does_not_come_back(web: Web, talk: Talk) -> None:
    who = await asyncio.to_thread(somebody)
    await asyncio.to_thread(talk.join, who)
    await asyncio.to_thread(
        rooms.remove, room_id=talk.room_id, account_id=who.account_id, by=talk.host.account_id
    )
    one = await Socket.enter(web, talk, who)

    assert await one.closed() == close_codes.FORBIDDEN


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "file://"],
)
async def test_a_page_from_elsewhere_is_refused_at_the_door(
    web: Web, talk: Talk, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await Socket.open(web, talk.public_id, origin=origin)

    assert refused.value.response.status_code == 403


async def test_our_own_page_and_an_app_without_an_origin_come_in(web: Web, talk: Talk) -> None:
    for origin in (web.base_url, None):
        one = await Socket.enter(web, talk, talk.host, origin=origin)

        assert (await one.read())["type"] == "snapshot"
        await one.close()


async def test_the_subprotocol_is_agreed_on(web: Web, talk: Talk) -> None:
    for offered, chosen in (([SUBPROTOCOL], SUBPROTOCOL), (["chat", SUBPROTOCOL], SUBPROTOCOL)):
        one = await Socket.open(web, talk.public_id, subprotocols=offered)

        assert one.connection.subprotocol == chosen
        await one.close()


async def test_pings_are_answered(web: Web, talk: Talk) -> None:
    one = await Socket.enter(web, talk, talk.host)
    await one.read()
    await one.connection.send(json.dumps({"type": "ping"}))

    assert await one.read() == {"type": "pong"}
    await asyncio.wait_for(await one.connection.ping(), 5)
    await one.close()
