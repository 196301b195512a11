"""Servers with keys over sockets: within their scopes, for whom they may, and until it is over."""

import asyncio
from uuid import UUID

import pytest

from accounts import commands as accounts
from spaces_project.kernel.authentication import identify
from spaces_project.kernel.sockets import close_codes
from tests.consumers.sockets import Socket, Talk
from tests.kernel.processes import Person, Web, somebody

pytestmark = pytest.mark.databases
NOTICED_WITHIN_S = 30.0  # five seconds, on a machine that does ten things at once


@pytest.fixture
def talk(web: Web) -> Talk:
    """A room where something goes on."""
    del web
    return Talk()


def key(account_id: UUID | None, *scopes: str) -> str:
    return accounts.make_key(account_id=account_id, name="bot", scopes=scopes).secret


def key_id(secret: str) -> UUID:
    found = identify(secret).credential
    assert found is not None
    return found


async def test_a_key_follows_a_room_and_commands_only_within_its_scopes(
    web: Web, talk: Talk
) -> None:
    secret = await asyncio.to_thread(key, talk.host.account_id, "rooms:read", "rooms:write")
    one = await Socket.enter(web, talk, Person(talk.host.account_id, secret))

    assert (await one.read())["type"] == "snapshot"
    assert (await one.ask("unmute.self"))["type"] == "ack"
    refused = await one.ask("mute.all")
    assert (refused["type"], refused["problem"]["code"]) == ("error", "scope-missing")


async def test_a_key_without_the_scope_does_not_come_in(web: Web, talk: Talk) -> None:
    secret = await asyncio.to_thread(key, talk.host.account_id, "webhooks")
    one = await Socket.enter(web, talk, Person(talk.host.account_id, secret))

    assert await one.closed() == close_codes.FORBIDDEN


async def test_a_key_for_anybody_comes_in_for_whom_it_names(web: Web, talk: Talk) -> None:
    secret = await asyncio.to_thread(key, None, "act:any", "rooms:read")
    who = await asyncio.to_thread(somebody)
    one = await Socket.open(web, talk.public_id)
    await one.send(type="auth", token=secret, on_behalf_of=who.public_id)

    snapshot = await one.read()
    assert snapshot["state"]["viewer"]["account_id"] == who.public_id


async def test_a_key_that_is_revoked_and_a_token_signed_out_end_their_sockets(
    web: Web, talk: Talk
) -> None:
    account_id = talk.host.account_id
    secret = await asyncio.to_thread(key, account_id, "rooms:read")
    robot = await Socket.enter(web, talk, Person(account_id, secret))
    listener = await asyncio.to_thread(somebody)
    person = await Socket.enter(web, talk, listener)
    await robot.read()
    await person.read()

    revoked = await asyncio.to_thread(key_id, secret)
    await asyncio.to_thread(accounts.revoke_key, key_id=revoked)
    gone = await asyncio.to_thread(web.ask, "DELETE", "/api/v1/tokens/current", None, listener)

    assert gone.status == 204
    assert await robot.closed(NOTICED_WITHIN_S) == close_codes.NOT_AUTHENTICATED
    assert await person.closed(NOTICED_WITHIN_S) == close_codes.NOT_AUTHENTICATED
    for who in (Person(account_id, secret), listener):
        answer = await asyncio.to_thread(web.ask, "GET", "/api/v1/accounts/me", None, who)
        assert answer.status == 401
