"""One person hosts a room with nothing but the keyboard, on the real product.

Wherever the focus goes it can be seen; after a dialog or a menu it is back where it was; what
happens is said in the live region.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright

from tests.acceptance.test_conversation import until
from tests.acceptance.test_room_page import WAIT_MS, come_in, name_of
from tests.browsers import browser, person
from tests.product import Product

pytestmark = pytest.mark.alone

MOST_TABS = 60
LISTEN = """() => {
  window.said = [];
  new MutationObserver(() => {
    const words = document.getElementById("announcer")?.textContent;
    if (words && words !== said.at(-1)) said.push(words);
  }).observe(document, { childList: true, characterData: true, subtree: true });
}"""
FOCUS = """(wanted) => {
  const focused = document.activeElement;
  const shown = [focused, focused.parentElement, focused.closest(".card")].filter(Boolean);
  // What has a tabindex of -1 is no stop: there one goes on from.
  const outlined = shown.some((one) => getComputedStyle(one).outlineStyle !== "none");
  return { is: focused.matches(wanted), visible: outlined || focused.tabIndex < 0 };
}"""


@pytest.fixture
def both(product: Product, playwright: Playwright) -> Iterator[tuple[Page, Page]]:
    """Ana's page, whose mouse and fingers rest, and Bo's."""
    with (
        browser(playwright) as one,
        person(one, product.base_url) as ana,
        person(one, product.base_url) as bo,
    ):
        for page in (ana, bo):
            page.set_default_timeout(WAIT_MS)
        come_in(bo, product, "Bo Marsh")
        ana.add_init_script(f"({LISTEN})()")
        ana.goto(product.manage("sign_in_link", "ana").strip())
        ana.get_by_test_id("start-room").wait_for()
        yield ana, bo


def go_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there; it is seen on every step."""
    for _ in range(MOST_TABS):
        focus = page.evaluate(FOCUS, wanted)
        assert focus["visible"], page.evaluate("document.activeElement.className")
        if focus["is"]:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached")


def is_back_at(page: Page, wanted: str) -> None:
    page.wait_for_function("(wanted) => document.activeElement.matches(wanted)", arg=wanted)


def test_a_host_needs_no_mouse(both: tuple[Page, Page]) -> None:
    ana, bo = both
    create(ana)
    bo.goto(ana.url)
    bo.get_by_test_id("raise-hand").click()
    bo.get_by_test_id("confirm-yes").click()
    accept(ana)
    bo.locator("[data-testid=mic][data-state=on]").wait_for()
    mute(ana, name_of(bo))
    bo.locator("[data-testid=mic][data-state=muted]").wait_for()
    pin(ana)
    bo.get_by_test_id("pin").get_by_text("The timetable").wait_for()
    end(ana)
    bo.get_by_test_id("state-ended").wait_for()
    heard = "\n".join(ana.evaluate("said"))

    for words in ("raised a hand.", "is now on stage.", "was muted by the host.", "Pinned: The"):
        assert words in heard


def create(page: Page) -> None:
    go_to(page, "[data-testid=start-room]")
    page.keyboard.press("Enter")
    page.get_by_test_id("start-room-submit").wait_for()
    page.keyboard.press("Escape")
    is_back_at(page, "[data-testid=start-room]")
    page.keyboard.press("Enter")
    page.get_by_test_id("start-room-submit").wait_for()
    go_to(page, "[data-testid=field-title]")
    page.keyboard.type("Night trains")
    go_to(page, "[data-testid=start-room-submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rooms/room_*")
    page.get_by_test_id("mic").wait_for()


def accept(page: Page) -> None:
    page.get_by_test_id("accept-hand").wait_for()
    go_to(page, "[data-testid=accept-hand]")
    page.keyboard.press("Enter")
    is_back_at(page, "#hands-title")


def mute(page: Page, name: str) -> None:
    button = f'[aria-label="Actions for {name}"]'
    until(page, "window.spaces.state().seats.some((seat) => seat.role !== 'host' && !seat.muted)")
    go_to(page, button)
    page.keyboard.press("Enter")
    is_back_at(page, "[data-testid=profile]")
    page.keyboard.press("m")
    is_back_at(page, "[data-testid=mute-person]")
    page.keyboard.press("Enter")
    is_back_at(page, button)


def pin(page: Page) -> None:
    go_to(page, "[data-testid=room-menu]")
    page.keyboard.press("Enter")
    is_back_at(page, "[role=menuitem]")
    page.keyboard.press("p")
    is_back_at(page, "[data-testid=pin-something]")
    page.keyboard.press("Enter")
    page.get_by_test_id("pin-submit").wait_for()
    go_to(page, "[data-testid=field-text]")
    page.keyboard.type("The timetable")
    go_to(page, "[data-testid=pin-submit]")
    page.keyboard.press("Enter")
    page.get_by_test_id("pin").wait_for()
    is_back_at(page, "[data-testid=room-menu]")
    until(page, "said.some((words) => words.startsWith('Pinned'))")


def end(page: Page) -> None:
    go_to(page, "[data-testid=end-room]")
    page.keyboard.press("Enter")
    page.get_by_test_id("confirm").wait_for()
    page.keyboard.press("Escape")
    is_back_at(page, "[data-testid=end-room]")
    page.keyboard.down(" ")
    page.get_by_test_id("state-ended").wait_for()
    page.keyboard.up(" ")
    is_back_at(page, "h1")
