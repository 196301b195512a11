"""Three people press what the room page has, in real browsers on the real product."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright

from tests.acceptance.people import request
from tests.acceptance.test_conversation import until
from tests.browsers import browser, person
from tests.product import Product

pytestmark = pytest.mark.alone

WAIT_MS = 20_000
KEEP = "async (answer) => (await import('/static/rooms/js/session.js')).keepSession(answer)"
ASK = "async (path) => (await import('/static/rooms/js/api.js')).ask('GET', path)"
OURS = {"kept_until", "followers_invited"}


@dataclass
class House:
    """Three pages; Ana hosts a room."""

    ana: Page
    bo: Page
    cy: Page
    room: str


@pytest.fixture(scope="module")
def house(product: Product, playwright: Playwright) -> Iterator[House]:
    with (
        browser(playwright) as one,
        person(one, product.base_url) as ana,
        person(one, product.base_url) as bo,
        person(one, product.base_url, viewport={"width": 390, "height": 844}) as cy,
    ):
        for page, name in ((bo, "Bo Marsh"), (cy, "Cy Okafor")):
            page.set_default_timeout(WAIT_MS)
            come_in(page, product, name)
        ana.set_default_timeout(WAIT_MS)
        ana.goto(product.manage("sign_in_link", "ana").strip())
        ana.get_by_test_id("start-room").click()
        ana.get_by_test_id("field-title").fill("Night trains")
        ana.get_by_test_id("field-topics").fill("travel, railways")
        ana.get_by_test_id("start-room-submit").click()
        ana.wait_for_url("**/rooms/room_*")
        ana.get_by_test_id("mic").wait_for()
        room = ana.url.rsplit("/", 1)[1]
        for page in (bo, cy):
            page.locator(f'.card-link[href$="{room}"]').click()
            page.get_by_test_id("raise-hand").wait_for()
        yield House(ana, bo, cy, room)


def come_in(page: Page, product: Product, name: str) -> None:
    """Register somebody, and let a page be this person's."""
    handle = f"{name.split(maxsplit=1)[0].lower()}_{secrets.token_hex(4)}"
    wish = {"handle": handle, "name": name, "password": secrets.token_urlsafe(16)}
    answer = request(product.base_url, "POST", "accounts", wish)
    page.goto("/sign-in")
    page.evaluate(KEEP, answer)
    page.goto("/")
    page.get_by_test_id("room-card").first.wait_for()


def menu(page: Page, name: str, entry: str) -> None:
    """Choose from the menu of a person, by keyboard."""
    button = page.get_by_role("button", name=f"Actions for {name}")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id(entry).click()


def manage(page: Page, entry: str) -> None:
    """Choose from the menu of the room."""
    page.get_by_test_id("room-menu").click()
    page.get_by_test_id(entry).click()


def seat(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stage-seat").filter(has_text=name)


def name_of(page: Page) -> str:
    """Return how the others read the name of a page's person."""
    shown: str = page.evaluate("JSON.parse(localStorage['spaces.session']).account.name")
    return shown


def test_a_guest_hears_with_one_tap_and_has_a_name_to_raise_a_hand(
    house: House, product: Product, playwright: Playwright
) -> None:
    handle = f"dee_{secrets.token_hex(4)}"
    with browser(playwright) as one, person(one, product.base_url) as dee:
        dee.set_default_timeout(WAIT_MS)
        dee.goto(f"/rooms/{house.room}")
        assert "Ana" in dee.get_by_test_id("door-host").inner_text()
        dee.get_by_test_id("listen").click()
        until(dee, "window.spaces?.peers?.whep?.connectionState === 'connected'")
        assert dee.evaluate("window.spaces.state().viewer.role") == "listener"
        me = dee.evaluate("window.spaces.state().viewer.account_id")

        dee.get_by_test_id("raise-hand").click()
        dee.get_by_test_id("field-name").fill("Dee Fox")
        dee.get_by_test_id("field-handle").fill(handle)
        dee.get_by_test_id("field-password").fill(secrets.token_urlsafe(16))
        dee.get_by_test_id("name-submit").click()
        dee.get_by_test_id("confirm-yes").click()
        hand = house.ana.locator(f'[data-testid=hand][data-account-id="{me}"]')
        hand.get_by_text("Dee Fox").wait_for()

        until(
            house.ana,
            f"window.spaces.state().listeners.some(({{handle}}) => handle === '{handle}')",
        )
        assert dee.evaluate("window.spaces.state().viewer.account_id") == me
        dee.get_by_test_id("leave").click()
        hand.wait_for(state="detached")


def test_an_invitation_to_speak_asks_for_consent_and_tries_the_microphone(house: House) -> None:
    ana, bo = house.ana, house.bo
    menu(ana, name_of(bo), "invite-to-speak")
    ana.get_by_test_id("offer").wait_for()
    assert "You will be heard by 2 people" in bo.get_by_test_id("consent-words").inner_text()
    bo.get_by_test_id("accept-invitation").click()
    bo.get_by_test_id("mic-meter").wait_for()
    assert bo.get_by_test_id("mic-device").locator("option").count() >= 1
    assert bo.get_by_test_id("stage-seat").count() == 1

    bo.get_by_test_id("accept-invitation").click()
    bo.locator("[data-testid=mic][data-state=on]").wait_for()
    ana.get_by_test_id("offer").wait_for(state="detached")


def test_a_cohost_is_appointed_and_answers_hands(house: House) -> None:
    ana, bo, cy = house.ana, house.bo, house.cy
    menu(ana, name_of(bo), "appoint-cohost")
    cy.get_by_test_id("raise-hand").click()
    cy.get_by_test_id("confirm-yes").click()
    bo.get_by_test_id("later-hand").click()
    bo.get_by_text("later").first.wait_for()
    bo.get_by_test_id("dismiss-hand").click()
    cy.locator("[data-testid=raise-hand][data-state=waiting]").wait_for()

    assert "Ask again in" in cy.get_by_test_id("dock-caption").inner_text()


def test_what_is_pinned_and_edited_is_seen_by_all(house: House) -> None:
    manage(house.bo, "pin-something")
    house.bo.get_by_test_id("field-text").fill("The timetable")
    house.bo.get_by_test_id("field-url").fill("javascript:alert(1)")
    house.bo.get_by_test_id("pin-submit").click()
    house.bo.get_by_text("A link that begins with https").wait_for()
    house.bo.get_by_test_id("field-url").fill("https://example.org/timetable")
    house.bo.get_by_test_id("pin-submit").click()
    link = house.cy.get_by_test_id("pin").get_by_role("link")
    link.wait_for()
    manage(house.ana, "edit-room")
    house.ana.get_by_test_id("field-title").fill("Day trains")
    house.ana.get_by_test_id("card-submit").click()
    house.cy.get_by_role("heading", name="Day trains").wait_for()

    assert link.get_attribute("href") == "https://example.org/timetable"
    assert set((link.get_attribute("rel") or "").split()) >= {"noopener", "noreferrer"}
    house.bo.get_by_test_id("unpin").click()
    link.wait_for(state="detached")


def test_reactions_are_counted_for_everybody(house: House) -> None:
    house.cy.get_by_test_id("react").click()
    house.cy.get_by_role("menuitem", name="Applause").click()
    house.cy.get_by_role("menuitem", name="Applause").click()
    house.ana.get_by_test_id("reaction-chip").filter(has_text="👏").wait_for()
    house.cy.keyboard.press("Escape")


def test_the_room_goes_on_in_the_lobby_where_one_sees_whom_one_follows(house: House) -> None:
    cy = house.cy
    menu(cy, "Ana", "profile")
    cy.get_by_test_id("follow").click()
    cy.get_by_role("button", name="Unfollow").wait_for()
    cy.get_by_test_id("profile-dialog").get_by_role("button", name="Close").click()
    cy.get_by_role("link", name="All rooms").click()
    cy.get_by_test_id("tray-entry").filter(has_text="Ana").filter(has_text="hosts").first.wait_for()
    cy.get_by_test_id("mini-player").get_by_text("Day trains").wait_for()
    cy.get_by_test_id("search").fill("day train")
    cy.get_by_test_id("room-card").filter(has_text="Day trains").wait_for()
    cy.get_by_test_id("search").fill("zebra crossing")
    cy.get_by_test_id("nothing-found").wait_for()
    assert house.ana.evaluate("window.spaces.state().participant_count") == 3

    cy.get_by_test_id("mini-back").click()
    cy.get_by_test_id("stage-seat").first.wait_for()


def test_all_are_muted_and_every_page_shows_what_the_server_shows(house: House) -> None:
    manage(house.ana, "mute-all")
    seat(house.cy, name_of(house.bo)).and_(house.cy.locator("[data-mic]")).wait_for()
    until(
        house.cy,
        "window.spaces.state().seats.every((seat) => seat.muted || seat.role !== 'speaker')",
    )
    for page in (house.ana, house.bo, house.cy):
        shown = page.evaluate(ASK, f"rooms/{house.room}")
        until(page, f"window.spaces.seq() >= {shown['seq']}")
        seen = page.evaluate("window.spaces.state()")
        assert comparable(seen) == comparable(shown)


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    viewer = {**state["viewer"], "can": sorted(state["viewer"]["can"])}
    rest = {name: value for name, value in state.items() if name not in OURS}
    return {**rest, "viewer": viewer}


def test_who_is_removed_reads_why_and_is_let_back_in(house: House) -> None:
    menu(house.ana, name_of(house.cy), "remove")
    house.ana.get_by_test_id("field-reason").fill("Shouting.")
    house.ana.get_by_test_id("confirm-yes").click()
    house.cy.get_by_test_id("state-removed").get_by_text("Shouting.").wait_for()
    manage(house.ana, "removed-people")
    house.ana.get_by_test_id("let-back").click()
    house.ana.get_by_test_id("removed-dialog").get_by_role("button", name="Close").click()
    house.cy.get_by_test_id("again").click()

    house.cy.get_by_test_id("stage-seat").first.wait_for()


def test_the_room_is_handed_over_and_ended(house: House) -> None:
    menu(house.ana, name_of(house.bo), "hand-over")
    house.ana.get_by_test_id("confirm-yes").click()
    house.bo.get_by_test_id("end-room").wait_for()
    house.bo.get_by_test_id("end-room").click(delay=1_300)
    for page in (house.ana, house.bo, house.cy):
        page.get_by_test_id("state-ended").wait_for()
