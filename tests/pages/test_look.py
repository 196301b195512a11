"""What people meet: no barrier, no overflow, no script in a name, little to load."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, ViewportSize, WebSocketRoute

from rooms.domain.words import AudiencePolicy, SpeakPolicy
from tests.browsers import person as browser_person
from tests.pages.conftest import answer, sign_in
from tests.pages.rooms import ANA, CY, ROOM_ID, snapshot
from tests.pages.scenes import INSIDE, LOBBIES, OUTSIDE, busy_room, open_page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES: dict[Any, ViewportSize] = {
    "light": {"width": 1440, "height": 900},
    "dark": {"width": 390, "height": 844},
}
FIRST_LOAD_BYTES = 95 * 1024


@pytest.mark.parametrize("name", sorted({*OUTSIDE, *LOBBIES, *INSIDE}))
def test_a_page_has_no_barrier_and_scrolls_only_down(
    chromium: Browser, site: str, name: str
) -> None:
    """Light on a desk, dark on a phone; then on the smallest phone, in either direction."""
    with browser_person(chromium, site, reduced_motion="reduce", bypass_csp=True) as page:
        open_page(page, name)
        for scheme, size in SIZES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size(size)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 640})
        for direction in ("ltr", "rtl"):
            page.evaluate("(dir) => { document.documentElement.dir = dir; }", direction)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", ["lobby", "room"])
def test_a_name_stays_a_name(page: Page, name: str) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(error.message))
    open_page(page, name)
    page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for(state="attached")

    assert ran == []
    assert page.locator("main img").count() == 0


def test_the_lobby_leads_to_the_reference_and_stays(page: Page) -> None:
    open_page(page, "lobby")
    link = page.get_by_test_id("api-docs")

    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/api/docs", "_blank")


def test_a_one_time_code_never_leaves_in_an_address(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    account = {"id": ANA, "name": "Ana", "handle": "ana"}
    grant = {"token": "t", "expires_at": "2999-01-01T00:00:00.000Z", "account": account}
    answer(page, "rooms?*", {"next": None, "previous": None, "results": []})
    answer(page, "tokens", grant)
    page.goto("/sign-in#code=secret-code")
    page.get_by_test_id("empty").wait_for()

    assert not [url for url in asked if "secret-code" in url]
    assert "secret-code" not in page.evaluate("location.href + JSON.stringify(history.state)")


def test_who_is_not_signed_in_signs_in_first(page: Page) -> None:
    page.goto(f"/rooms/{ROOM_ID}")

    page.wait_for_url(f"**/sign-in?next=%2Frooms%2F{ROOM_ID}")


@pytest.mark.parametrize("policy", [AudiencePolicy, SpeakPolicy])
def test_a_host_is_offered_the_policies_that_there_are(
    page: Page, policy: type[AudiencePolicy | SpeakPolicy]
) -> None:
    name = "audience_policy" if policy is AudiencePolicy else "speak_policy"
    open_page(page, "start")
    offered = page.locator(f"input[name={name}]").evaluate_all("all => all.map((one) => one.value)")

    assert sorted(offered) == sorted({*policy} - {AudiencePolicy.TICKET})


def test_the_keyboard_mutes_a_person(page: Page) -> None:
    heard: list[dict[str, Any]] = []

    def accept(socket: WebSocketRoute) -> None:
        socket.on_message(lambda text: heard.append(json.loads(text)))
        state = busy_room()
        state["seats"][1]["muted"] = False
        socket.send(json.dumps(snapshot(state)))

    answer(page, "**", {"title": "Not here."}, status=403)
    page.route_web_socket("**/ws/v1/rooms/*", accept)
    sign_in(page, ANA)
    page.goto(f"/rooms/{ROOM_ID}")
    page.locator(f"[data-testid=stage-seat][data-account-id={CY}] button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)

    assert [frame["data"] for frame in heard if frame["type"] == "mute"] == [{"account_id": CY}]


def test_ending_by_keyboard_asks_first(page: Page) -> None:
    open_page(page, "room")
    page.get_by_test_id("end-room").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("confirm").wait_for()

    assert page.evaluate("document.activeElement.dataset.testid") == "confirm-no"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.testid") == "end-room"


def test_the_first_load_of_a_room_is_small(page: Page) -> None:
    loaded: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if re.search(r"/api/|/ws/", response.url):
            return
        body = response.body()
        packed = body if response.url.endswith(".woff2") else gzip.compress(body, 6)
        loaded[Path(response.url).name] = len(packed)

    page.on("response", weigh)
    open_page(page, "room")
    page.wait_for_load_state("networkidle")

    assert "fold.js" in loaded
    assert sum(loaded.values()) <= FIRST_LOAD_BYTES, loaded
