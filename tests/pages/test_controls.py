"""What a thumb and a voice meet in a room: the dock, its captions, the link, small buttons."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import person as browser_person
from tests.pages.conftest import answer, sign_in
from tests.pages.rooms import ANA, AT, BO, ROOM_ID, Room, person, room, seat
from tests.pages.scenes import play_room, unanswered

PHONE = {"width": 360, "height": 640}


@pytest.fixture(params=[PHONE, {"width": 1440, "height": 900}], ids=["phone", "desk"])
def sized(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page of a phone, and of a desk."""
    with browser_person(chromium, site, viewport=request.param) as opened:
        yield opened


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    with browser_person(chromium, site, viewport=PHONE) as opened:
        yield opened


def enter(page: Page, state: Room) -> None:
    answer(page, "**", {"title": "No sound here.", "status": 403}, status=403)
    play_room(page, state)
    sign_in(page, state["viewer"]["account_id"])
    page.goto(f"/rooms/{ROOM_ID}")
    page.get_by_test_id("stage-seat").first.wait_for()


def hosted(**changes: object) -> Room:
    state = room(ANA, "host", **changes)
    state["viewer"]["can"] = ["leave", "listen", "speak", "promote", "remove", "end"]
    return state


def test_the_dock_covers_nothing_at_the_end_of_the_page(sized: Page) -> None:
    enter(sized, room(description="Sleepers and seats.\n" * 30))
    show = "document.querySelector('.listen').style.setProperty('display', 'flex', 'important')"
    sized.evaluate(show)
    sized.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    audience = sized.locator(".audience").bounding_box()
    dock = sized.locator(".dock").bounding_box()

    assert audience
    assert dock
    assert dock["height"] > 9.5 * 16
    assert audience["y"] + audience["height"] <= dock["y"]


def test_the_dock_is_in_reach_wherever_one_reads(sized: Page) -> None:
    enter(sized, room(description="Sleepers and seats.\n" * 60))
    dock, height = sized.locator(".dock").bounding_box(), sized.viewport_size

    assert dock
    assert height
    assert height["height"] - 40 <= dock["y"] + dock["height"] <= height["height"]


def test_the_caption_is_pressed_like_its_button(phone: Page) -> None:
    enter(phone, room())
    phone.get_by_test_id("dock-caption").click()

    phone.get_by_test_id("confirm-yes").wait_for()


@pytest.mark.parametrize(
    ("button", "state"),
    [
        ("raise-hand", room()),
        ("raise-hand", room(role="requested")),
        ("mic", room(role="speaker", seats=[seat(ANA, "host"), seat(BO)])),
        ("mic", room(role="speaker", seats=[seat(ANA, "host"), seat(BO, muted_by=ANA)])),
    ],
    ids=["idle", "raised", "off", "muted"],
)
def test_a_name_begins_with_what_is_written_there(page: Page, button: str, state: Room) -> None:
    enter(page, state)
    name = page.get_by_test_id(button).get_attribute("aria-label")
    written = page.get_by_test_id("dock-caption").inner_text()

    assert name
    assert written
    assert name.startswith(written)


@pytest.mark.parametrize("place", [".room-head", ".audience"])
@pytest.mark.parametrize("secure", [True, False])
def test_the_link_is_copied(page: Page, place: str, secure: bool) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    enter(page, hosted(participant_count=1, listeners=[]))
    page.evaluate("addEventListener('copy', () => { window.copied = String(getSelection()); })")
    page.locator(place).get_by_role("button", name="Copy link").click()
    page.get_by_test_id("toast").filter(has_text="Link copied").wait_for()

    link = page.evaluate("window.copied ?? navigator.clipboard.readText()")
    assert link.endswith(f"/rooms/{ROOM_ID}")


def test_a_phone_shares_by_its_own_sheet(chromium: Browser, site: str) -> None:
    with browser_person(chromium, site, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        page.add_init_script("navigator.share = async (what) => { window.shared = what.url; }")
        enter(page, room())
        page.get_by_role("button", name="Share link").first.tap()

        assert page.evaluate("window.shared").endswith(f"/rooms/{ROOM_ID}")


def test_a_small_button_has_room_for_a_finger(phone: Page) -> None:
    enter(phone, hosted(listeners=[person(BO)]))
    button = phone.get_by_role("button", name="Actions for Bo")
    button.scroll_into_view_if_needed()
    hit = button.evaluate(
        """(button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        const [middle, centre] = [x + width / 2, y + height / 2];
        const corners = [[-21, 0], [21, 0], [0, -21], [0, 21]];
        return corners.map(([dx, dy]) => document.elementFromPoint(middle + dx, centre + dy))
            .map((found) => button.contains(found));
    }"""
    )

    assert hit == [True] * 4


@pytest.mark.parametrize("width", [320, 1440])
def test_trouble_with_the_line_stays_in_sight_and_covers_nothing(
    chromium: Browser, site: str, width: int
) -> None:
    with browser_person(chromium, site, viewport={"width": width, "height": 640}) as page:
        enter(page, room(description="Sleepers and seats.\n" * 60))
        chip = page.get_by_test_id("connection-chip")
        page.route_web_socket("**/ws/v1/rooms/*", lambda socket: socket.on_message(unanswered))
        page.context.set_offline(True)
        chip.get_by_text("You are offline").wait_for()
        for end in ("0", "document.documentElement.scrollHeight"):
            page.evaluate(f"scrollTo(0, {end})")
            shown, row = chip.bounding_box(), page.locator(".dock-row").bounding_box()
            assert shown
            assert row
            assert 0 <= shown["y"] < shown["y"] + shown["height"] <= row["y"] < 640
        audience, dock = (page.locator(one).bounding_box() for one in (".audience", ".dock"))

    assert audience
    assert dock
    assert audience["y"] + audience["height"] <= dock["y"]


def test_a_hosts_buttons_stand_in_one_row_on_the_smallest_phone(
    chromium: Browser, site: str
) -> None:
    can = ["leave", "react", "speak", "promote", "remove", "end", "pin", "change_card"]
    hand = {**person(BO), "raised_at": AT, "position": 1}
    state = hosted(hands=[hand], hand_count=1)
    state["viewer"]["can"] = can
    with browser_person(chromium, site, viewport={"width": 320, "height": 640}) as page:
        enter(page, state)
        for row in (".room-tools button, .back", ".dock-start button, .dock-end button:visible"):
            boxes = [one.bounding_box() for one in page.locator(row).all() if one.is_visible()]
            middles = {round(box["y"] + box["height"] / 2) for box in boxes if box}
            assert len(middles) == 1
            assert all(box and min(box["width"], box["height"]) >= 44 for box in boxes)
        answers = page.locator(".hand-answers .icon-button").all()
        sizes = [one.bounding_box() for one in answers]

    assert [(box["width"], box["height"]) for box in sizes if box] == [(44, 44)] * 2
