"""One person in one place; whoever only looks loses the sight with the right to it."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed

from accounts import commands as accounts
from rooms import commands as rooms
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

pytestmark = pytest.mark.databases


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


async def close_code_of(one: Socket) -> int | None:
    """Return why a socket is closed, once it is."""
    try:
        while True:
            await one.read(within_s=5)
    except ConnectionClosed:
        return one.connection.close_code


async def looking(web: Web, talk: Talk, who: Person) -> Socket:
    one = await Socket.enter(web, talk, who)
    assert (await one.read())["type"] == "snapshot"
    return one


async def test_the_newest_socket_of_a_person_wins(web: Web, talk: Talk) -> None:
    who = await asyncio.to_thread(somebody)
    older = await looking(web, talk, who)
    newer = await looking(web, talk, who)

    assert await close_code_of(older) == close_codes.ELSEWHERE
    await asyncio.to_thread(talk.go_on)
    assert (await newer.read_until(type="speaker.unmuted"))["seq"] == 3


async def test_who_is_blocked_while_only_looking_sees_no_more(web: Web, talk: Talk) -> None:
    who = await asyncio.to_thread(somebody)
    one = await looking(web, talk, who)
    await asyncio.to_thread(
        accounts.block, blocker_id=talk.host.account_id, blocked_id=who.account_id
    )

    assert await close_code_of(one) == close_codes.NOT_FOUND


async def test_who_only_looks_goes_when_the_room_is_for_followers(web: Web, talk: Talk) -> None:
    stranger, follower = await asyncio.to_thread(somebody), await asyncio.to_thread(somebody)
    await asyncio.to_thread(
        accounts.follow, follower_id=follower.account_id, followee_id=talk.host.account_id
    )
    outside, inside = await looking(web, talk, stranger), await looking(web, talk, follower)
    await asyncio.to_thread(
        rooms.change_policies,
        room_id=talk.room_id,
        by=talk.host.account_id,
        audience_policy=AudiencePolicy.FOLLOWERS,
    )

    assert await close_code_of(outside) == close_codes.FORBIDDEN
    await asyncio.to_thread(talk.go_on)
    await inside.read_until(type="speaker.unmuted")


async def test_a_stranger_cannot_wait_in_a_followers_room_for_its_start(web: Web) -> None:
    host, stranger = await asyncio.to_thread(somebody, "Host"), await asyncio.to_thread(somebody)
    opened = await asyncio.to_thread(
        rooms.open_room,
        host_id=host.account_id,
        title="Later",
        audience_policy=AudiencePolicy.FOLLOWERS,
    )
    later = Talk.of(host, opened.entity_id)
    one = await Socket.enter(web, later, stranger)

    assert await close_code_of(one) == close_codes.FORBIDDEN


async def test_who_looks_from_a_seat_that_is_kept_goes_with_the_seat(web: Web, talk: Talk) -> None:
    who, host = await asyncio.to_thread(somebody), talk.host.account_id
    speaker = {"room_id": talk.room_id, "account_id": who.account_id}

    def takes_a_seat_and_drops() -> None:
        rooms.change_policies(room_id=talk.room_id, by=host, audience_policy=AudiencePolicy.INVITED)
        rooms.invite_to_speak(**speaker, by=host)
        rooms.accept_invitation(**speaker)
        rooms.drop(**speaker)

    await asyncio.to_thread(takes_a_seat_and_drops)
    one = await looking(web, talk, who)
    await asyncio.to_thread(rooms.demote_speaker, **speaker, by=host)

    assert await close_code_of(one) == close_codes.FORBIDDEN
