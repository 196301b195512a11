"""Who is told what: the host its rooms, an operator's key all rooms, nobody what was forgotten."""

import importlib

import pytest

from accounts import commands as accounts
from rooms import commands
from spaces_project import settings as configured
from spaces_project.kernel.authentication import identify
from spaces_project.kernel.ids import public
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.webhooks.sender import Sender
from tests.webhooks.receivers import Receiver
from tests.webhooks.scenes import (
    ENDPOINTS,
    ask,
    come_and_go,
    endpoint,
    feed,
    operators_key,
    people,
    room_in,
    room_of,
    seqs,
    seqs_to_tell,
    soon,
    types,
    with_key,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_an_endpoint_hears_only_rooms_that_its_owner_hosts_and_only_from_now_on(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    before = room_of(ana)
    made = endpoint(ana, receiver.url)
    theirs, own = room_of(bo), room_of(ana)
    come_and_go(theirs, ana)
    commands.end(room_id=before, by=ana)
    commands.end(room_id=own, by=ana)
    feed(sender)

    assert soon(lambda: types(receiver.accepted).count("room.ended") == 2)
    hosted = {public("room", before), public("room", own)}
    assert {room_in(r) for r in receiver.accepted} == hosted
    of_before = [r for r in receiver.accepted if room_in(r) == public("room", before)]
    assert "room.created" not in types(of_before)
    assert "room.started" not in types(of_before)
    wish = {"room_id": public("room", theirs), "after": 0}
    assert ask(ana, f"POST {made['id']}/replay", wish).status_code == 404


def test_a_key_for_all_webhooks_hears_all_rooms_until_it_is_revoked(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    secret = operators_key("webhooks:all")
    wish = {"url": receiver.url, "types": ["room.started"]}
    made = with_key(secret).post(ENDPOINTS, wish, format="json")
    assert made.json()["hears"] == "all"
    rooms = {public("room", room_of(ana)), public("room", room_of(bo))}
    feed(sender)
    assert soon(lambda: {room_in(r) for r in receiver.accepted} == rooms)

    key_id = identify(secret).credential
    assert key_id is not None
    accounts.revoke_key(key_id=key_id)
    later = public("room", room_of(ana))
    endpoint(ana, receiver.url, "room.created")
    last = public("room", room_of(ana))
    feed(sender)

    assert soon(lambda: types(receiver.accepted)[-1:] == ["room.created"])
    assert room_in(receiver.accepted[-1]) == last
    assert later not in {room_in(r) for r in receiver.accepted}


def test_what_was_forgotten_is_not_told_again(receiver: Receiver, sender: Sender) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url)
    gone, other = room_of(ana, bo), room_of(ana)
    feed(sender)
    before = len(seqs_to_tell(gone)) + len(seqs_to_tell(other))
    assert soon(lambda: len(receiver.accepted) == before)
    key_store().destroy(gone)

    for each in (gone, other):
        ask(ana, f"POST {made['id']}/replay", {"room_id": public("room", each), "after": 0})
    sender.wake()

    again = before + len(seqs_to_tell(other))
    assert soon(lambda: len(receiver.accepted) == again)
    assert {room_in(r) for r in receiver.accepted[before:]} == {public("room", other)}


def test_who_hands_a_room_over_hears_nothing_from_there_on_also_by_replay(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo, cy = people(3)
    made = endpoint(ana, receiver.url)
    room_id = room_of(ana, bo)
    commands.promote_speaker(room_id=room_id, account_id=bo, by=ana)
    heard = seqs_to_tell(room_id)
    commands.hand_over(room_id=room_id, account_id=bo, by=ana)
    come_and_go(room_id, cy)
    feed(sender)
    assert soon(lambda: seqs(receiver.accepted) == heard)

    ask(ana, f"POST {made['id']}/replay", {"room_id": public("room", room_id), "after": 0})
    endpoint(bo, receiver.url, "participant.left")
    come_and_go(room_id, cy)
    feed(sender)

    newest = seqs_to_tell(room_id)[-1]
    assert soon(lambda: len(receiver.accepted) == 2 * len(heard) + 1)
    assert sorted(seqs(receiver.accepted)) == sorted([*heard, *heard, newest])


def test_the_pauses_are_those_that_the_document_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_WEBHOOK_RETRIES_S", raising=False)
    hour = 3600.0

    assert [
        5.0, 300.0, 1800.0, 2 * hour, 5 * hour, 10 * hour, 14 * hour,
    ] == importlib.reload(configured).WEBHOOK_RETRIES_S  # fmt: skip
