"""A whole evening: two people with two browsers, a third on the API, a product of their own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Page, Playwright

from rooms.story import SENTENCES
from tests.acceptance import pages
from tests.acceptance.clients import Person, RoomSocket, sign_in_by_code, sign_up
from tests.acceptance.evening_story import assert_told_in_this_order
from tests.acceptance.pages import choose, has_happened, listener, of_the_room, seat_of, until
from tests.browsers import browser, person
from tests.product import Product, running

pytestmark = pytest.mark.alone

# Short enough to wait for, long enough for a busy machine.
RULES: Final = {
    "SPACES_PRESET": "classic",
    "SPACES_SPEAK_INVITATION_S": "7",
    "SPACES_ASK_AGAIN_AFTER_WITHDRAWING_S": "0",
    "SPACES_ASK_AGAIN_AFTER_REFUSAL_S": "0",
    "SPACES_SPEAKER_SEAT_KEPT_S": "4",
    "SPACES_HOST_SEAT_KEPT_S": "3",
    "SPACES_CONNECTION_GRACE_S": "1",
    "SPACES_REQUEST_LEASE_S": "2",
    "SPACES_LONGEST_ROOM_S": "7200",
    "SPACES_END_WARNING_S": "7199",
}
KINDS: Final = 40


@dataclass
class Evening:
    """Ana and Bo at their browsers, Cy's program, and the room."""

    product: Product
    ana: Page
    bo: Page
    host: Person  # Ana again, where her page has no button for it
    cy: Person
    room: str

    @property
    def bo_id(self) -> str:
        """Bo's account."""
        return pages.account_id(self.bo)

    def must(self, method: str, path: str, body: dict[str, object] | None = None) -> None:
        """Let Ana ask over REST."""
        self.host.must(method, f"rooms/{self.room}/{path}", body)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("evening") / "home", **RULES) as started:
        yield started


@pytest.fixture
def evening(product: Product, playwright: Playwright) -> Iterator[Evening]:
    with (
        browser(playwright) as launched,
        person(launched, product.base_url) as ana,
        person(launched, product.base_url) as bo,
    ):
        for page, handle in ((ana, "ana"), (bo, "bo_lindqvist")):
            page.set_default_timeout(20_000)
            page.goto(product.manage("sign_in_link", handle).strip())
            page.get_by_test_id("room-card").first.wait_for()
        code = product.manage("sign_in_link", "ana").strip().partition("#code=")[2]
        host = sign_in_by_code(product.base_url, code)
        room = pages.open_room(ana, "An evening of tea")
        yield Evening(product, ana, bo, host, sign_up(product.base_url, "Cy"), room)


def test_a_whole_evening_is_told_in_words(evening: Evening) -> None:
    ana_furnishes_the_room(evening)
    bo_speaks(evening)
    cy_is_asked_to_speak(evening)
    microphones_and_seats(evening)
    connections_are_lost(evening)
    cy_is_put_out_and_let_in(evening)
    bo_hosts_for_a_while(evening)
    ana_ends_the_room(evening)

    happened = kinds_of(evening)
    told = story_of(evening)
    print(f"{len(happened)} kinds of event, {len(told)} sentences:", *told, sep="\n  ")
    missing = {kind.__name__ for kind in SENTENCES} - happened
    assert missing <= {"GuestAdmitted"}  # there are no tickets yet
    assert len(happened) >= KINDS
    assert_told_in_this_order(told)


def ana_furnishes_the_room(evening: Evening) -> None:
    """Card, door, pins and invitations."""
    ana, cy = evening.ana, evening.cy
    handle = cy.get("accounts/me").body["handle"]
    of_the_room(ana, "edit-room")
    ana.get_by_test_id("field-title").fill("Tea, and nothing but tea")
    ana.get_by_test_id("field-description").fill("Green, black and white.")
    ana.get_by_test_id("field-topics").fill("tea")
    ana.get_by_test_id("speak-policy").select_option("followed_by_host")
    has_happened(ana, "policies.changed")
    ana.get_by_test_id("speak-policy").select_option("everyone")
    ana.get_by_test_id("card-submit").click()
    has_happened(ana, "topics.changed")
    of_the_room(ana, "pin-something")
    ana.get_by_test_id("field-text").fill("How to brew a pot")
    ana.get_by_test_id("field-url").fill("https://example.org/pot")
    ana.get_by_test_id("pin-submit").click()
    ana.get_by_test_id("pin").wait_for()
    ana.get_by_test_id("unpin").click()
    has_happened(ana, "pin.removed")
    of_the_room(ana, "invite")
    ana.get_by_test_id("field-people").fill(handle)
    ana.get_by_test_id("send-invitations").click()
    has_happened(ana, "person.invited")
    of_the_room(ana, "invite")
    ana.get_by_test_id("invite-followers").click()
    has_happened(ana, "followers.invited")
    cy.must("POST", f"rooms/{evening.room}/invitations/decline")
    evening.must("POST", "invitations", {"account_ids": [cy.id]})
    evening.must("DELETE", f"invitations/{cy.id}")
    has_happened(ana, "room.ending_soon")


def bo_speaks(evening: Evening) -> None:
    """Bo comes, asks, thinks better of it, asks again and is heard."""
    ana, bo = evening.ana, evening.bo
    bo.goto(f"/rooms/{evening.room}")
    until(bo, "window.spaces?.state()?.viewer.role === 'listener'")
    for turn in (1, 2):
        bo.get_by_test_id("raise-hand").click()
        bo.get_by_test_id("confirm-yes").click()
        until(bo, "window.spaces.state().viewer.role === 'requested'")
        if turn == 1:
            bo.get_by_test_id("raise-hand").click()
            until(bo, "window.spaces.state().viewer.role === 'listener'")
    ana.get_by_test_id("accept-hand").click()
    until(bo, "window.spaces.state().seats.some((s) => s.role === 'speaker' && !s.muted)")


def cy_is_asked_to_speak(evening: Evening) -> None:
    """Four offers of a seat: declined, taken back, forgotten, accepted."""
    ana, cy, room = evening.ana, evening.cy, evening.room
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        for times, answer in enumerate(("declined", "cancelled", "expired", "accepted"), start=1):
            choose(ana, listener(ana, cy.id), "invite-to-speak")
            wait_for(socket, "speaker.invited", times)
            if answer == "declined":
                acknowledged(socket, "invitation.decline")
            elif answer == "cancelled":
                choose(ana, listener(ana, cy.id), "cancel-offer")
            elif answer == "accepted":
                acknowledged(socket, "invitation.accept")
            wait_for(socket, f"speak_invitation.{answer}")
            has_happened(ana, f"speak_invitation.{answer}")
        seat_of(ana, cy.id).wait_for()
        acknowledged(socket, "speaker.step_down")


def microphones_and_seats(evening: Evening) -> None:
    """Ana mutes one, then all, and moves Cy about."""
    ana, cy, room = evening.ana, evening.cy, evening.room
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        evening.must("PUT", f"speakers/{cy.id}")
        acknowledged(socket, "unmute.self")
        until(
            ana, f"window.spaces.state().seats.some((s) => s.account_id === '{cy.id}' && !s.muted)"
        )
        choose(ana, seat_of(ana, cy.id), "mute-person")
        wait_for(socket, "speaker.muted")
        acknowledged(socket, "unmute.self")
        of_the_room(ana, "mute-all")
        if ana.get_by_test_id("confirm-yes").is_visible():
            ana.get_by_test_id("confirm-yes").click()
        wait_for(socket, "speakers.muted")
        choose(ana, seat_of(ana, cy.id), "move-to-audience")
        wait_for(socket, "speaker.demoted")
        evening.must("PUT", f"speakers/{cy.id}")


def connections_are_lost(evening: Evening) -> None:
    """Cy's program loses its connection: once it comes back in time, once it does not."""
    ana, cy, room = evening.ana, evening.cy, evening.room
    has_happened(ana, "participant.dropped")
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        has_happened(ana, "participant.returned")
    has_happened(ana, "seat.lapsed")


def cy_is_put_out_and_let_in(evening: Evening) -> None:
    """Removed and forgiven, gone and come, blocked and unblocked."""
    ana, cy, room = evening.ana, evening.cy, evening.room
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        choose(ana, listener(ana, cy.id), "remove", sure=True)
        assert socket.wait_until_closed() == 4403
    ana.get_by_test_id("undo").click()
    has_happened(ana, "removal.lifted")
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        acknowledged(socket, "room.leave")
    with RoomSocket(cy, room) as socket:
        socket.wait_until_open()
        acknowledged(socket, "room.join")
        choose(ana, listener(ana, cy.id), "block", sure=True)
        assert socket.wait_until_closed() in (4403, 4404)
    evening.must("DELETE", f"blocked/{cy.id}")
    has_happened(ana, "participant.unblocked")


def bo_hosts_for_a_while(evening: Evening) -> None:
    """Bo is made co-host, dismissed and made so again, hosts, and is gone: Ana succeeds."""
    ana, bo = evening.ana, evening.bo
    bo_id = evening.bo_id
    seat = seat_of(ana, bo_id)
    choose(ana, seat, "appoint-cohost")
    until(bo, "window.spaces.state().viewer.role === 'cohost'")
    choose(ana, seat, "dismiss-cohost")
    until(bo, "window.spaces.state().viewer.role === 'speaker'")
    choose(ana, seat, "appoint-cohost")
    until(bo, "window.spaces.state().viewer.role === 'cohost'")
    choose(ana, seat, "hand-over", sure=True)
    until(bo, "window.spaces.state().viewer.role === 'host'")
    bo.goto("about:blank")
    has_happened(ana, "host.handed_over", times=2)
    until(ana, "window.spaces.state().viewer.role === 'host'")


def ana_ends_the_room(evening: Evening) -> None:
    """Ana holds the button for a second; every page has heard everything, in order."""
    ana, bo = evening.ana, evening.bo
    bo.goto(f"/rooms/{evening.room}")
    until(bo, "window.spaces?.state()?.viewer.role === 'listener'")
    button = ana.get_by_test_id("end-room").bounding_box()
    assert button is not None
    ana.mouse.move(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    ana.mouse.down()
    time.sleep(1.5)
    ana.mouse.up()
    until(bo, "window.spaces.state().state === 'ended'")
    for page in (ana, bo):
        seen = page.evaluate("window.spaces.log.map(([seq]) => seq)")
        assert seen == list(range(seen[0], seen[0] + len(seen)))


def acknowledged(socket: RoomSocket, kind: str) -> None:
    answer = socket.command(kind)
    assert answer["type"] == "ack", answer


def wait_for(socket: RoomSocket, kind: str, times: int = 1) -> None:
    def heard() -> bool:
        return [event["type"] for event in socket.log].count(kind) >= times

    assert socket.wait_for(heard, pages.PATIENCE_S), (kind, [e["type"] for e in socket.log])


def kinds_of(evening: Evening) -> set[str]:
    """Return the kinds of event that the log keeps of the room."""
    lines = evening.product.manage("follow_log", evening.room, "--once").splitlines()
    return {line.split()[3].removeprefix("rooms.") for line in lines}


def story_of(evening: Evening) -> list[str]:
    """Return the room's history in words, without the seq and the time before each sentence."""
    lines = evening.product.manage("follow_log", evening.room, "--once", "--words").splitlines()
    return [line.split(None, 2)[2] for line in lines]
