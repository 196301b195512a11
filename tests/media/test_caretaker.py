"""The demo's room goes on: with its host, with its speaker, and after its end."""

import json
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from accounts import queries as people
from media.demo.caretaker import HOST_MAY_BE_AWAY_S, Caretaker
from rooms import commands, queries
from spaces_project.kernel.ids import parse

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


class Clock:
    """A clock that goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def seeded() -> tuple[Caretaker, Clock, UUID, UUID]:
    """Return the caretaker of a new demo, its clock, the host and the speaker."""
    said = StringIO()
    call_command("seed_demo", "--room-only", stdout=said)
    told = json.loads(said.getvalue())
    assert told["links"] == []
    host, speaker = (people.person_by_handle(handle) for handle in ("ana", "narrator"))
    assert host is not None
    assert speaker is not None
    clock = Clock()
    caretaker = Caretaker(parse("room", told["room"]), speaker.account_id, clock)
    return caretaker, clock, host.account_id, speaker.account_id


def test_the_room_goes_on_whoever_leaves_and_is_followed_by_another() -> None:
    caretaker, clock, host, speaker = seeded()
    first = caretaker.room_id
    assert {host, speaker} <= set(queries.stage_now(first).present)

    commands.leave(room_id=first, account_id=host)
    caretaker.look()
    assert host not in queries.stage_now(first).present
    clock.now += HOST_MAY_BE_AWAY_S
    caretaker.look()
    assert host in queries.stage_now(first).present

    commands.drop(room_id=first, account_id=speaker)
    caretaker.look()
    assert queries.stage_now(first).may_be_heard(speaker)

    commands.mute(room_id=first, account_id=speaker, by=host)
    caretaker.look()
    assert not queries.stage_now(first).may_be_heard(speaker)

    commands.end(room_id=first, by=host)
    caretaker.look()
    assert caretaker.room_id != first
    assert queries.stage_now(caretaker.room_id).may_be_heard(speaker)
