"""A small evening of three people, over REST and sockets only."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.acceptance.clients import Json, Person, RoomSocket, sign_in_by_code, sign_up
from tests.product import Product

pytestmark = pytest.mark.alone

AT_ONCE = 3
TURNS = 20
HISTORY = [
    "ana: room.created",
    "ana: room.started",
    "bo: participant.joined bo",
    "cy: participant.joined cy",
    "bo: hand.raised bo",
    "ana: speaker.promoted bo",
    "ana: participant.seated bo",
    "bo: speaker.unmuted bo",
    "ana: speaker.muted bo",
    "bo: speaker.unmuted bo",
    "ana: speaker.demoted bo",
    "ana: participant.unseated bo",
    "ana: speaker.promoted bo",
    "ana: participant.seated bo",
    "bo: speaker.demoted bo",
    "bo: participant.unseated bo",
    "ana: policies.changed",
    "ana: participant.left bo",
    "ana: participant.removed bo",
    "ana: participant.left cy",
    "ana: participant.blocked cy",
    "ana: room.ended",
]


@dataclass(frozen=True)
class Evening:
    """Three people, one of whom may host, and what they call each other."""

    ana: Person
    bo: Person
    cy: Person

    def name(self, account_id: str | None) -> str:
        """Who it is, as the history says it."""
        known = {self.ana.id: "ana", self.bo.id: "bo", self.cy.id: "cy"}
        return known.get(account_id or "", "somebody")

    def told(self, events: list[Json]) -> list[str]:
        """Say events in words: who did what to whom."""
        return [
            f"{self.name(event['actor'])}: {event['type']}"
            + (f" {self.name(whom)}" if (whom := event["data"].get("account_id")) else "")
            for event in events
        ]

    def open_room(self, **wish: str) -> str:
        """Return a new live room of Ana's."""
        room = self.ana.must("POST", "rooms", {"title": "An evening", **wish}).body["id"]
        self.ana.must("POST", f"rooms/{room}/start")
        return str(room)


def code_of(product: Product, handle: str) -> str:
    """A fresh one-time code of somebody of the demo."""
    link = product.manage("sign_in_link", handle).strip()
    return urlsplit(link).fragment.removeprefix("code=")


@pytest.fixture(scope="module")
def evening(product: Product) -> Evening:
    ana = sign_in_by_code(product.base_url, code_of(product, "ana"))
    return Evening(ana, sign_up(product.base_url, "Bo"), sign_up(product.base_url, "Cy"))


@contextlib.contextmanager
def inside(room: str, *people: Person) -> Iterator[list[RoomSocket]]:
    """Sockets of these people, closed at the end."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(RoomSocket(person, room)) for person in people]


def events_of(person: Person, room: str, after: int = 0) -> list[Json]:
    answer = person.must("GET", f"rooms/{room}/events?after={after}&limit=1000").body
    events: list[Json] = answer["events"]
    assert [event["seq"] for event in events] == list(range(after + 1, answer["seq"] + 1))
    return events


def rooms_of(host: Person, asker: Person, position: int | None) -> list[str]:
    """The identifiers of a host's live rooms that somebody is shown."""
    answer = asker.get(f"rooms?state=live&host_id={host.id}", Min_Position=str(position))
    assert answer.status == 200, answer
    return [room["id"] for room in answer.body["results"]]


def test_an_evening_of_three_is_told_alike_by_sockets_and_rest(evening: Evening) -> None:
    ana, bo, cy = evening.ana, evening.bo, sign_up(evening.ana.base_url, "Cy")
    evening = Evening(ana, bo, cy)
    bystander = sign_up(ana.base_url, "Dee")
    room = str(ana.must("POST", "rooms", {"title": "An evening"}).body["id"])

    with inside(room, ana, bystander) as (host, listener):
        host.wait_until_open()
        listener.wait_until_open()
        conversation(evening, room, host)
        seen = events_of(bystander, room)
        ended = ana.must("POST", f"rooms/{room}/end")
        ana.get(f"rooms/{room}", Min_Position=str(ended.position))
        assert {host.wait_until_closed(), listener.wait_until_closed()} == {4410}
        assert host.log == events_of(ana, room, after=host.snapshot["seq"])
        assert listener.log[:-1] == seen[listener.snapshot["seq"] :]
        assert listener.log[-1]["type"] == "room.ended"

    assert evening.told(events_of(ana, room)) == HISTORY
    assert evening.told(seen) == [as_others_hear(line) for line in HISTORY[:-1]]
    assert bystander.ask("GET", f"rooms/{room}/events").code == "room-is-over"
    assert bystander.ask("POST", f"rooms/{room}/join").code == "room-is-over"


LED_OUT = ("participant.removed", "participant.left", "participant.unseated", "speaker.demoted")


def as_others_hear(line: str) -> str:
    """Say a line of the history without what few are told: who led somebody out."""
    line = line.replace("participant.blocked", "participant.removed")
    actor, kind, *_ = line.replace(":", "").split()
    is_told_to_few = actor == "ana" and kind in LED_OUT
    return f"somebody: {line[5:]}" if is_told_to_few else line


def conversation(evening: Evening, room: str, host: RoomSocket) -> None:
    """Everything that the three do between opening and end, turn by turn."""
    ana, bo, cy = evening.ana, evening.bo, evening.cy
    host.command("room.start")
    bo.must("POST", f"rooms/{room}/join")
    with inside(room, cy, bo) as (of_cy, of_bo):
        of_cy.command("room.join")
        bo.must("POST", f"rooms/{room}/hands")
        host.command("speaker.promote", account_id=bo.id)
        of_bo.command("unmute.self")
        ana.must("PUT", f"rooms/{room}/muted/{bo.id}")
        bo.must("DELETE", f"rooms/{room}/muted/me")
        ana.must("DELETE", f"rooms/{room}/speakers/{bo.id}")
        ana.must("PUT", f"rooms/{room}/speakers/{bo.id}")
        of_bo.command("speaker.step_down")
        changed = host.command("policies.change", speak_policy="invited")
        assert changed["type"] == "ack", changed
        assert bo.ask("POST", f"rooms/{room}/hands").code == "may-not-ask"
        ana.must("PUT", f"rooms/{room}/removed/{bo.id}", {"reason": "Too loud."})
        assert of_bo.wait_until_closed() == 4403
        assert [of_bo.log[-1]["type"], of_bo.log[-1]["data"]["reason"]] == [
            "participant.removed",
            "Too loud.",
        ]
        assert bo.ask("POST", f"rooms/{room}/join").code == "removed-from-room"
        host.command("participant.block", account_id=cy.id)
        assert of_cy.wait_until_closed() == 4403


def test_a_room_for_followers_admits_whoever_follows(evening: Evening) -> None:
    room = evening.open_room(audience_policy="followers")
    dee = sign_up(evening.ana.base_url, "Dee")

    assert dee.ask("POST", f"rooms/{room}/join").code == "followers-only"
    with RoomSocket(dee, room) as refused:
        assert refused.wait_until_closed() == 4403
    assert "participant.joined" not in {e["type"] for e in events_of(evening.ana, room)}

    followed = dee.must("PUT", f"accounts/me/following/{evening.ana.id}").position
    dee.get(f"rooms/{room}", Min_Position=str(followed))
    assert dee.must("POST", f"rooms/{room}/join").body["present"] is True
    with RoomSocket(dee, room) as admitted:
        admitted.wait_until_open()
    evening.ana.must("POST", f"rooms/{room}/end")


def test_whom_the_host_blocks_sees_none_of_the_hosts_rooms(evening: Evening) -> None:
    ana, eve = evening.ana, sign_up(evening.ana.base_url, "Eve")
    first, second = evening.open_room(), evening.open_room()
    eve.must("POST", f"rooms/{first}/join")
    joined = eve.must("POST", f"rooms/{second}/join")
    assert {first, second} <= set(rooms_of(ana, eve, joined.position))

    with RoomSocket(eve, second) as elsewhere:
        elsewhere.wait_until_open()
        ana.must("PUT", f"rooms/{first}/blocked/{eve.id}")
        assert elsewhere.wait_until_closed() in {4403, 4404}

    # The policies' own commands are in the log by now: ask for a view that knows them.
    last = ana.must("POST", f"rooms/{first}/end").position
    assert rooms_of(ana, eve, last) == []
    assert eve.get(f"rooms/{second}").code == "room-not-found"
    assert eve.ask("POST", f"rooms/{second}/join").status in {403, 404}
    ana.must("POST", f"rooms/{second}/end")


def test_one_wish_asked_for_many_times_at_once_gets_one_answer(evening: Evening) -> None:
    room = evening.open_room()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(TURNS):
            fay = sign_up(evening.ana.base_url, "Fay")
            fay.must("POST", f"rooms/{room}/join")
            asked = [
                pool.submit(fay.ask, "POST", f"rooms/{room}/hands", Idempotency_Key="once")
                for _ in range(AT_ONCE)
            ]
            answers = [each.result() for each in asked]
            assert [each.status for each in answers] == [200] * AT_ONCE, answers
            assert len({each.position for each in answers}) == 1
    evening.ana.must("POST", f"rooms/{room}/end")

    raised = [e for e in events_of(evening.ana, room) if e["type"] == "hand.raised"]
    assert len(raised) == TURNS


def test_a_one_time_code_signs_in_once(product: Product) -> None:
    code = code_of(product, "bo_lindqvist")

    assert sign_in_by_code(product.base_url, code).get("accounts/me").status == 200
    second = Person(product.base_url).ask("POST", "tokens", {"code": code})
    assert (second.status, second.code) == (401, "sign-in-code-spent")
    assert "token" not in second.body
