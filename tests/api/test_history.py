"""A room's events over REST: the words of the socket, for each viewer what he or she may read."""

import time
from datetime import timedelta
from threading import Timer
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts import commands as accounts
from rooms import commands
from rooms.announcements import TYPES, announce
from rooms.domain.events import ParticipantRemoved
from spaces_project.kernel.authentication import identify, issue_token, sign_out
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.revocations import revocations
from tests.api.scenes import Caller, Evening, acc, said
from tests.projections.scenes import catch_up, history, see

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def evening() -> Evening:
    return Evening()


def events(caller: Caller, evening: Evening, query: str = "") -> list[dict[str, Any]]:
    body = caller.ask(f"GET {evening.path}/events{query}").json()
    assert set(body) == {"events", "seq"}
    assert body["seq"] == len(history(evening.room_id))
    found: list[dict[str, Any]] = body["events"]
    return found


def test_every_event_is_told_with_its_number(evening: Evening) -> None:
    told = events(evening.host, evening)
    recorded = history(evening.room_id)

    assert [frame["seq"] for frame in told] == list(range(1, len(recorded) + 1))
    assert [frame["type"] for frame in told] == [TYPES[type(r.event)] for r in recorded]
    assert all(set(frame) == {"type", "seq", "id", "at", "actor", "data"} for frame in told)
    assert all(frame["id"].startswith("evt_") for frame in told)
    assert len({frame["id"] for frame in told}) == len(told)


def test_people_are_named_beside_their_ids(evening: Evening) -> None:
    joined = next(f for f in events(evening.stranger, evening) if f["type"] == "participant.joined")

    assert joined["actor"] == acc(evening.bo)
    assert set(joined["data"]) == {"account_id", "name", "handle"}
    assert joined["data"]["account_id"] == acc(evening.bo)
    assert joined["data"]["handle"].startswith("bob")


def out(told: list[dict[str, Any]]) -> list[tuple[str, Any, Any, Any]]:
    return [
        (f["type"], f["actor"], f["data"]["account_id"], f["data"].get("reason"))
        for f in told
        if f["type"] in {"participant.removed", "participant.blocked"}
    ]


def test_reasons_and_blocks_are_for_leaders_and_whom_they_concern(evening: Evening) -> None:
    ana, di, ed = acc(evening.ana), acc(evening.di), acc(evening.ed)
    removed = ("participant.removed", ana, di, "rude")
    blocked = ("participant.blocked", ana, ed, None)
    hidden = [("participant.removed", None, di, None), ("participant.removed", None, ed, None)]

    assert out(events(evening.host, evening)) == [removed, blocked]
    for caller in (evening.listener, evening.speaker, evening.stranger):
        assert out(events(caller, evening)) == hidden


def test_whom_a_removal_concerns_may_hear_its_reason(evening: Evening) -> None:
    recorded = [r for r in history(evening.room_id) if isinstance(r.event, ParticipantRemoved)]
    told = announce(recorded[0], {})

    assert told.words_for(evening.di, leads=False)["data"]["reason"] == "rude"
    assert "reason" not in told.words_for(evening.cy, leads=False)["data"]


@pytest.mark.parametrize("command", [commands.demote_speaker, commands.remove, commands.block])
def test_who_took_somebody_from_the_stage_is_for_leaders_and_whom_it_concerns(
    evening: Evening, command: commands.RoomCommand
) -> None:
    before = len(history(evening.room_id))
    command(room_id=evening.room_id, account_id=evening.bo, by=evening.ana)
    see()
    took = history(evening.room_id)[before:]
    told = [announce(recorded, {}) for recorded in took]

    assert {"rooms.SpeakerDemoted", "rooms.Unseated"} <= {r.event.TOPIC for r in took}
    for words in told:
        assert words.words_for(evening.cy, leads=True)["actor"] == acc(evening.ana)
        assert words.words_for(evening.bo, leads=False)["actor"] == acc(evening.ana)
        assert words.words_for(evening.cy, leads=False)["actor"] is None
    hidden = events(evening.listener, evening, f"?after={before}")
    assert [frame["actor"] for frame in hidden] == [None] * len(took)


def test_who_steps_down_is_named(evening: Evening) -> None:
    before = len(history(evening.room_id))
    commands.demote_speaker(room_id=evening.room_id, account_id=evening.bo, by=evening.bo)
    see()

    told = events(evening.listener, evening, f"?after={before}")
    assert [frame["actor"] for frame in told] == [acc(evening.bo)] * 2


def test_that_somebody_is_unblocked_is_for_leaders_and_whom_it_concerns(evening: Evening) -> None:
    accounts.unblock(blocker_id=evening.ana, blocked_id=evening.ed)
    catch_up()
    seq = len(history(evening.room_id))
    for caller in (evening.host, evening.blocked):
        last = events(caller, evening)[-1]
        assert (last["type"], last["actor"]) == ("participant.unblocked", acc(evening.ana))
        assert last["data"]["account_id"] == acc(evening.ed)

    assert events(evening.listener, evening)[-1] == {"type": "redacted", "seq": seq}


def test_a_newcomer_whom_the_views_do_not_know_yet_is_announced_with_the_name(
    evening: Evening,
) -> None:
    gus = accounts.register(handle="gustav", name="Gus").entity_id
    joined = Caller(gus).ask(f"POST {evening.path}/join").json()
    last = events(evening.host, evening)[-1]

    assert last["type"] == "participant.joined"
    assert last["data"] == {"account_id": acc(gus), "name": "Gus", "handle": "gustav"}
    assert (joined["name"], joined["handle"]) == ("Gus", "gustav")


def test_after_the_end_only_the_host_reads_and_still_reads_all(evening: Evening) -> None:
    evening.host.ask(f"POST {evening.path}/end")
    see()

    assert out(events(evening.host, evening))[0][3] == "rude"
    for caller in (evening.speaker, evening.listener, evening.stranger):
        assert said(caller.ask(f"GET {evening.path}/events")) == (409, "room-is-over")


def test_one_goes_on_behind_a_number(evening: Evening) -> None:
    told = events(evening.host, evening)

    assert events(evening.host, evening, "?after=3") == told[3:]
    assert events(evening.host, evening, "?after=3&limit=2") == told[3:5]
    assert events(evening.host, evening, f"?after={len(told)}") == []
    assert events(evening.host, evening, f"?after={2**53}") == []


def test_who_waits_gets_the_next_event_when_it_happens(evening: Evening) -> None:
    last = len(history(evening.room_id))

    def leave() -> None:
        commands.leave(room_id=evening.room_id, account_id=evening.cy)
        connections.close_all()

    leaving = Timer(0.3, leave)
    leaving.start()
    began = time.monotonic()
    (told,) = events(evening.host, evening, f"?after={last}&wait=20")
    leaving.join()

    assert (told["type"], told["seq"]) == ("participant.left", last + 1)
    assert 0.2 < time.monotonic() - began < 5


def test_who_signs_out_while_a_request_waits_hears_nothing_more(evening: Evening) -> None:
    last = len(history(evening.room_id))
    token = issue_token(evening.cy, frozenset(), timedelta(minutes=5))
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def go_on() -> None:
        sign_out(identify(token))
        commands.leave(room_id=evening.room_id, account_id=evening.bo)
        connections.close_all()

    going_on = Timer(0.3, go_on)
    going_on.start()
    answer = caller.get(f"/api/v1/{evening.path}/events?after={last}&wait=20")
    going_on.join()
    revocations.forget()

    assert said(answer) == (401, "not-authenticated")


def test_who_waits_in_vain_gets_an_empty_page(evening: Evening) -> None:
    last = len(history(evening.room_id))
    began = time.monotonic()

    assert events(evening.host, evening, f"?after={last}&wait=1") == []
    assert 1.0 <= time.monotonic() - began < 3


def test_events_whose_key_is_gone_are_only_numbers(evening: Evening) -> None:
    count = len(history(evening.room_id))
    key_store().destroy(evening.room_id)
    told = events(evening.host, evening)

    assert told == [{"type": "redacted", "seq": seq} for seq in range(1, count + 1)]
