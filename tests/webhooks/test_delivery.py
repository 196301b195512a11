"""What happened is told: signed, in order per room, at least once."""

import random
from collections import Counter

import pytest
import standardwebhooks
from pytest_django import Settings

from rooms import commands
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.webhooks import endpoints
from spaces_project.kernel.webhooks.models import EndpointRow
from spaces_project.kernel.webhooks.sender import Sender
from tests.webhooks.receivers import Receiver, Reply
from tests.webhooks.scenes import (
    ask,
    come_and_go,
    endpoint,
    feed,
    people,
    room_in,
    room_of,
    seqs,
    seqs_to_tell,
    soon,
    types,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_the_hosts_server_hears_the_room_in_order_and_can_verify_it(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url)
    room_id = room_of(ana, bo)
    commands.promote_speaker(room_id=room_id, account_id=bo, by=ana)
    commands.demote_speaker(room_id=room_id, account_id=bo, by=ana)
    commands.leave(room_id=room_id, account_id=bo)
    commands.remove(room_id=room_id, account_id=bo, by=ana, reason="rude")
    commands.end(room_id=room_id, by=ana)
    feed(sender)

    assert soon(lambda: seqs(receiver.accepted) == seqs_to_tell(room_id))
    heard = types(receiver.accepted)
    assert heard[0] == "room.created"
    assert "room.started" in heard
    assert heard[-5:] == [
        "speaker.promoted",
        "speaker.demoted",
        "participant.left",
        "participant.removed",
        "room.ended",
    ]
    for request in receiver.accepted:
        verified = standardwebhooks.Webhook(made["secret"]).verify(request.body, request.headers)
        assert verified["id"] == request.webhook_id
        assert verified["api_version"] == "v1"
        assert verified["data"]["room_id"] == public("room", room_id)
        assert request.headers["content-type"] == "application/json"
    removed = receiver.accepted[-2].json["data"]
    assert (removed["account_id"], removed["reason"]) == (public("acc", bo), "rude")


def test_a_server_that_fails_hears_everything_in_order_under_the_same_ids(
    receiver: Receiver, sender: Sender, settings: Settings
) -> None:
    settings.WEBHOOK_RETRIES_S = [0.02] * 50
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    ana, bo, cy = people(3)
    endpoint(ana, receiver.url)
    receiver.decide = lambda _: Reply(chance.choice((204, 204, 500, 503, 302, 429)))
    rooms = [room_of(ana) for _ in range(3)]
    for _ in range(5):
        for room_id in rooms:
            come_and_go(room_id, chance.choice((bo, cy)))
    wanted = {public("room", room_id): seqs_to_tell(room_id) for room_id in rooms}
    total = sum(len(each) for each in wanted.values())
    print(f"seed {seed}, {total} events in {len(rooms)} rooms")
    feed(sender)

    assert soon(lambda: len({r.webhook_id for r in receiver.accepted}) == total)
    attempts = Counter(r.webhook_id for r in receiver.received)
    assert max(attempts.values()) > 1, "the receiver never failed: this shows nothing"
    for room, expected in wanted.items():
        assert seqs([r for r in receiver.accepted if room_in(r) == room]) == expected
    by_id = {r.webhook_id: (room_in(r), r.json["room_seq"]) for r in receiver.received}
    assert len(set(by_id.values())) == total
    assert all(by_id[r.webhook_id] == (room_in(r), r.json["room_seq"]) for r in receiver.received)


def test_after_the_last_retry_a_room_is_held_others_go_on_and_resume_tells_the_rest(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url, "participant.left")
    bad, good = room_of(ana), room_of(ana)
    receiver.decide = lambda r: Reply(500 if room_in(r) == public("room", bad) else 204)
    for room_id in (bad, good):
        come_and_go(room_id, bo)
        come_and_go(room_id, bo)
    feed(sender)

    held = [public("room", bad)]
    assert soon(lambda: ask(ana, f"GET {made['id']}").json()["held_room_ids"] == held)
    assert soon(lambda: len(receiver.accepted) == 2)
    tried = [r for r in receiver.received if room_in(r) == public("room", bad)]
    assert len(tried) == 4  # the first attempt and three retries
    assert len({r.webhook_id for r in tried}) == 1

    receiver.decide = lambda _: Reply()
    assert ask(ana, f"POST {made['id']}/resume").json()["state"] == "enabled"
    sender.wake()

    assert soon(lambda: len(receiver.accepted) == 4)
    assert ask(ana, f"GET {made['id']}").json()["held_room_ids"] == []


def test_410_disables_an_endpoint_until_its_owner_resumes_it(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url, "participant.left")
    receiver.decide = lambda _: Reply(410)
    come_and_go(room_of(ana), bo)
    feed(sender)

    assert soon(lambda: ask(ana, f"GET {made['id']}").json()["state"] == "disabled")
    assert len(receiver.received) == 1
    receiver.decide = lambda _: Reply()
    ask(ana, f"POST {made['id']}/resume")
    sender.wake()

    assert soon(lambda: len(receiver.accepted) == 1)


def test_who_resumes_hears_what_happened_meanwhile_in_rooms_that_it_knew(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url, "participant.left", "room.ended")
    known, other = room_of(ana), room_of(ana)
    come_and_go(known, bo)
    feed(sender)
    assert soon(lambda: types(receiver.accepted) == ["participant.left"])
    asked = EndpointRow.objects.filter(id=parse("whe", made["id"]))
    endpoints.disable(asked, "the operator disabled it")

    for room_id in (known, other):
        commands.end(room_id=room_id, by=ana)
    feed(sender)
    assert ask(ana, f"POST {made['id']}/resume").json()["state"] == "enabled"
    sender.wake()

    assert soon(lambda: len(receiver.accepted) > 1)
    assert [room_in(r) for r in receiver.accepted] == [public("room", known)] * 2
    assert types(receiver.accepted) == ["participant.left", "room.ended"]


def test_replay_tells_a_room_again_from_behind_a_seq_under_the_same_ids(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url)
    room_id = room_of(ana, bo)
    commands.leave(room_id=room_id, account_id=bo)
    wanted = seqs_to_tell(room_id)
    feed(sender)
    assert soon(lambda: seqs(receiver.accepted) == wanted)
    first = [r.webhook_id for r in receiver.accepted]
    wish = {"room_id": public("room", room_id), "after": wanted[1]}

    assert ask(ana, f"POST {made['id']}/replay", wish).status_code == 202
    sender.wake()

    assert soon(lambda: len(receiver.accepted) == 2 * len(wanted) - 2)
    assert [r.webhook_id for r in receiver.accepted] == first + first[2:]


def test_two_secrets_sign_for_a_day_after_a_rotation(receiver: Receiver, sender: Sender) -> None:
    (ana,) = people(1)
    made = endpoint(ana, receiver.url)
    lost = ask(ana, f"POST {made['id']}/rotate").json()
    newest = ask(ana, f"POST {made['id']}/rotate").json()
    answer = ask(ana, f"POST {made['id']}/test")
    assert answer.status_code == 202
    sender.wake()

    assert soon(lambda: len(receiver.accepted) == 1)
    (request,) = receiver.accepted
    assert request.webhook_id == answer.json()["webhook_id"]
    assert request.json["type"] == "webhook.test"
    for each in (made, newest):
        standardwebhooks.Webhook(each["secret"]).verify(request.body, request.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(lost["secret"]).verify(request.body, request.headers)


def test_what_came_of_each_attempt_is_shown_with_the_first_words(
    receiver: Receiver, sender: Sender
) -> None:
    ana, bo = people(2)
    made = endpoint(ana, receiver.url, "participant.left")
    replies = iter([Reply(500, b"x" * 100_000), Reply(200, "grüß dich".encode())])
    receiver.decide = lambda _: next(replies)
    come_and_go(room_of(ana), bo)
    feed(sender)

    def shown() -> list[dict[str, object]]:
        found: list[dict[str, object]] = ask(ana, f"GET {made['id']}/deliveries").json()["results"]
        return found

    assert soon(lambda: len(shown()) == 2)
    newest, oldest = shown()
    assert (oldest["outcome"], oldest["status"], oldest["attempt"]) == ("refused", 500, 1)
    assert oldest["said"] == "x" * 200
    assert (newest["outcome"], newest["status"], newest["attempt"]) == ("delivered", 200, 2)
    assert newest["said"] == "grüß dich"
    assert newest["webhook_id"] == oldest["webhook_id"]
