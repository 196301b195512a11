"""What people do on the pages, as acceptance tests say it."""

import time
from typing import Any

from playwright.sync_api import Locator, Page

PATIENCE_S = 20.0


def until(page: Page, true: str, within_s: float = PATIENCE_S) -> None:
    """Wait by asking: the page's policy forbids Playwright's own waiting, which evaluates text."""
    deadline = time.monotonic() + within_s
    while not page.evaluate(true):
        assert time.monotonic() < deadline, f"never came true: {true}"
        time.sleep(0.03)


def state(page: Page) -> dict[str, Any]:
    """Return the room as the page has folded it."""
    folded: dict[str, Any] = page.evaluate("window.spaces.state()")
    return folded


def account_id(page: Page) -> str:
    """Return whose page it is."""
    return str(state(page)["viewer"]["account_id"])


def open_room(page: Page, title: str) -> str:
    """Start a room from the lobby and return its id, once one is inside."""
    page.get_by_test_id("start-room").click()
    page.get_by_test_id("field-title").fill(title)
    page.get_by_test_id("start-room-submit").click()
    page.wait_for_url("**/rooms/room_*")
    until(page, "window.spaces?.state()?.state === 'live'")
    return page.url.rsplit("/", 1)[1]


def seat_of(page: Page, somebody: str) -> Locator:
    """Return somebody's place on the stage."""
    return page.locator(f'[data-testid=stage-seat][data-account-id="{somebody}"]')


def listener(page: Page, somebody: str) -> Locator:
    """Return somebody's place in the audience."""
    return page.locator(f'[data-testid=listener][data-account-id="{somebody}"]')


def choose(page: Page, place: Locator, entry: str, *, sure: bool = False) -> None:
    """Open the menu at somebody's place and choose an entry of it."""
    place.locator("[aria-haspopup=menu]").click()
    page.get_by_test_id(entry).click()
    if sure:
        page.get_by_test_id("confirm-yes").click()


def of_the_room(page: Page, entry: str) -> None:
    """Choose an entry of the room's own menu."""
    page.get_by_test_id("room-menu").click()
    page.get_by_test_id(entry).click()


def has_happened(page: Page, kind: str, times: int = 1) -> None:
    """Wait until the page has heard of an event, so many times in all."""
    until(page, f"window.spaces.log.filter(([, kind]) => kind === '{kind}').length >= {times}")
