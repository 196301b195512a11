"""Whoever has just registered can be asked and put out, though no view knows of it yet."""

from uuid import uuid4

import pytest

from accounts import commands as accounts
from accounts import queries as people
from rooms import commands
from spaces_project.kernel.refusals import NotFound
from tests.projections.scenes import live_room, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_a_newcomer_is_invited_and_blocked_at_once() -> None:
    ana = someone("ana")
    room_id = live_room(ana)
    newcomer = accounts.register(handle="newcomer", name="Newcomer").entity_id
    assert people.person(newcomer) is None

    commands.invite(room_id=room_id, account_ids=[newcomer], by=ana)
    commands.block(room_id=room_id, account_id=newcomer, by=ana)

    assert {"Invited", "ParticipantBlocked"} <= set(topics(room_id))


def test_nobody_is_invited_who_never_was() -> None:
    ana = someone("ana")
    room_id = live_room(ana)
    before = topics(room_id)

    with pytest.raises(NotFound):
        commands.invite(room_id=room_id, account_ids=[uuid4()], by=ana)

    assert topics(room_id) == before
