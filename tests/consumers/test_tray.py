"""The tray's socket: what changes is shown to those whom it concerns, and soon."""

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts import commands as accounts
from rooms import commands as rooms
from rooms.domain.words import AudiencePolicy
from tests.consumers.sockets import Talk
from tests.consumers.trays import TraySocket, follower_of
from tests.kernel.processes import Person, Web, somebody

pytestmark = pytest.mark.databases

N = 20


def seat(talk: Talk, person: Person) -> None:
    talk.join(person)
    rooms.promote_speaker(
        room_id=talk.room_id, account_id=person.account_id, by=talk.host.account_id
    )


async def test_who_goes_live_is_shown_within_a_second_and_gone_at_the_end(web: Web) -> None:
    host = await asyncio.to_thread(somebody, "Host")
    viewer = await asyncio.to_thread(follower_of, host)
    socket = await TraySocket.watch(web, viewer)
    assert socket.tray == []
    took = []
    for _ in range(N):
        room_id = (
            await asyncio.to_thread(rooms.open_room, host_id=host.account_id, title="Tea")
        ).entity_id
        for change, wanted in ((rooms.start, [(host, "host")]), (rooms.end, [])):
            await asyncio.to_thread(change, room_id=room_id, by=host.account_id)
            began = time.monotonic()
            await socket.until_tray(*wanted)
            took.append(1000 * (socket.heard_at - began))
    took.sort()
    p99 = took[int(len(took) * 0.99)]
    print(f"N={len(took)}: commit to tray p50 {statistics.median(took):.0f} ms, p99 {p99:.0f} ms")


async def test_it_follows_seats_roles_titles_and_hosts(web: Web) -> None:
    talk, bo = await asyncio.to_thread(Talk), await asyncio.to_thread(somebody, "Bo")
    viewer = await asyncio.to_thread(follower_of, bo)
    socket = await TraySocket.watch(web, viewer)
    host = talk.host.account_id
    about = {"room_id": talk.room_id, "account_id": bo.account_id, "by": host}

    await asyncio.to_thread(seat, talk, bo)
    await socket.until_tray((bo, "speaker"))
    await asyncio.to_thread(rooms.appoint_cohost, **about)
    await socket.until_tray((bo, "cohost"))
    await asyncio.to_thread(rooms.change_card, room_id=talk.room_id, by=host, title="Coffee")
    while socket.tray and socket.tray[0]["room"]["title"] != "Coffee":
        await socket.read()
    await asyncio.to_thread(rooms.hand_over, **about)
    await socket.until_tray((bo, "host"))
    await asyncio.to_thread(accounts.change_profile, account_id=bo.account_id, name="Robert")
    while socket.tray and socket.tray[0]["name"] != "Robert":
        await socket.read()
    await asyncio.to_thread(rooms.end, room_id=talk.room_id, by=bo.account_id)
    await socket.until_tray()


def _narrow(talk: Talk, viewer: Person) -> None:
    del viewer
    rooms.change_policies(
        room_id=talk.room_id, by=talk.host.account_id, audience_policy=AudiencePolicy.INVITED
    )


def _remove(talk: Talk, viewer: Person) -> None:
    rooms.remove(room_id=talk.room_id, account_id=viewer.account_id, by=talk.host.account_id)


def _block(talk: Talk, viewer: Person) -> None:
    accounts.block(blocker_id=talk.host.account_id, blocked_id=viewer.account_id)


def _unfollow(talk: Talk, viewer: Person) -> None:
    accounts.unfollow(follower_id=viewer.account_id, followee_id=talk.host.account_id)


def _widen(talk: Talk, viewer: Person) -> None:
    del viewer
    rooms.change_policies(
        room_id=talk.room_id, by=talk.host.account_id, audience_policy=AudiencePolicy.PUBLIC
    )


def _lift(talk: Talk, viewer: Person) -> None:
    rooms.lift_removal(room_id=talk.room_id, account_id=viewer.account_id, by=talk.host.account_id)


def _follow_again(talk: Talk, viewer: Person) -> None:
    accounts.unblock(blocker_id=talk.host.account_id, blocked_id=viewer.account_id)
    accounts.follow(follower_id=viewer.account_id, followee_id=talk.host.account_id)


def _invite(talk: Talk, viewer: Person) -> None:
    rooms.invite(room_id=talk.room_id, account_ids=[viewer.account_id], by=talk.host.account_id)


@pytest.mark.parametrize(
    ("ends", "mends"),
    [
        (_narrow, _widen), (_narrow, _invite), (_remove, _lift), (_block, _follow_again),
        (_unfollow, _follow_again),
    ],
)  # fmt: skip
async def test_what_keeps_a_viewer_out_takes_the_entry_away_and_what_lets_in_brings_it(
    web: Web, ends: Callable[[Talk, Person], Any], mends: Callable[[Talk, Person], Any]
) -> None:
    talk = await asyncio.to_thread(Talk)
    viewer = await asyncio.to_thread(follower_of, talk.host)
    socket = await TraySocket.watch(web, viewer)
    await socket.until_tray((talk.host, "host"))

    await asyncio.to_thread(ends, talk, viewer)
    await socket.until_tray()
    await asyncio.to_thread(mends, talk, viewer)
    await socket.until_tray((talk.host, "host"))


async def test_who_is_followed_later_is_shown_though_live_before(web: Web) -> None:
    talk, viewer = await asyncio.to_thread(Talk), await asyncio.to_thread(somebody, "Viewer")
    socket = await TraySocket.watch(web, viewer)
    assert socket.tray == []

    await asyncio.to_thread(
        accounts.follow, follower_id=viewer.account_id, followee_id=talk.host.account_id
    )
    await socket.until_tray((talk.host, "host"))
    other = await asyncio.to_thread(Talk)
    await asyncio.to_thread(
        accounts.follow, follower_id=viewer.account_id, followee_id=other.host.account_id
    )
    await socket.until_tray((other.host, "host"), (talk.host, "host"))


async def test_what_does_not_concern_a_viewer_is_not_said(web: Web) -> None:
    talk, viewer = (
        await asyncio.to_thread(Talk),
        await asyncio.to_thread(follower_of, await asyncio.to_thread(somebody, "Host")),
    )
    socket, concerned = [
        await TraySocket.watch(web, who)
        for who in (viewer, await asyncio.to_thread(follower_of, talk.host))
    ]
    bo = await asyncio.to_thread(somebody, "Bo")
    await asyncio.to_thread(seat, talk, bo)
    await asyncio.to_thread(talk.end)
    await concerned.until_tray()

    await socket.says_nothing()


async def test_every_socket_of_a_viewer_is_told(web: Web) -> None:
    host = await asyncio.to_thread(somebody, "Host")
    viewer = await asyncio.to_thread(follower_of, host)
    sockets = [await TraySocket.watch(web, viewer) for _ in range(3)]
    talk = Talk.of(
        host,
        (await asyncio.to_thread(rooms.open_room, host_id=host.account_id, title="Tea")).entity_id,
    )
    await asyncio.to_thread(rooms.start, room_id=talk.room_id, by=host.account_id)
    for socket in sockets:
        await socket.until_tray((host, "host"))
    await sockets[0].close()
    await asyncio.to_thread(talk.end)
    for socket in sockets[1:]:
        await socket.until_tray()


async def test_it_tells_how_many_are_inside(web: Web) -> None:
    talk = await asyncio.to_thread(Talk)
    socket = await TraySocket.watch(web, await asyncio.to_thread(follower_of, talk.host))
    await socket.until_tray((talk.host, "host"))
    for _ in range(3):
        await asyncio.to_thread(talk.join, await asyncio.to_thread(somebody))
    while (await socket.read_until(type="counts"))["counts"] != {talk.public_id: 3}:
        pass


async def test_invitations_come_as_they_are_made_and_go_as_they_end(web: Web) -> None:
    talk = await asyncio.to_thread(Talk)
    viewer = await asyncio.to_thread(follower_of, talk.host)
    socket = await TraySocket.watch(web, viewer)
    host, me = talk.host.account_id, viewer.account_id
    assert socket.inbox == {"type": "inbox", "unread": 0, "newest": None}

    await asyncio.to_thread(rooms.invite_followers, room_id=talk.room_id, by=host)
    told = await socket.until_unread(1)
    assert (told["newest"]["kind"], told["newest"]["room"]["id"]) == ("followers", talk.public_id)
    await asyncio.to_thread(rooms.invite_to_speak, room_id=talk.room_id, account_id=me, by=host)
    while socket.inbox and socket.inbox["newest"]["kind"] != "speak":
        await socket.read()
    await asyncio.to_thread(talk.end)
    await socket.until_unread(0)


async def test_it_takes_no_commands_and_no_forged_token(web: Web) -> None:
    viewer = await asyncio.to_thread(somebody)
    socket = await TraySocket.watch(web, viewer)
    await socket.send(type="room.join", ref="c1", data={})
    assert (await socket.read_until(ref="c1"))["problem"]["code"] == "invalid-request"

    forged = await TraySocket.knock(web)
    await forged.send(type="auth", token="x.y.z")
    assert await forged.closed() == 4004
