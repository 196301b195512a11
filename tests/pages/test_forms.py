"""Forms: what is wrong is said once, where it is, and nothing that was typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import Page

from rooms.domain.errors import MayNotHost
from rooms.domain.rules import DEFAULTS
from tests.pages.conftest import answer, sign_in
from tests.pages.rooms import ANA


def start_room(page: Page, title: str, refusal: dict[str, Any] | None = None) -> None:
    sign_in(page, ANA)
    answer(page, "**", refusal or {}, status=403)
    page.goto("/")
    page.get_by_test_id("start-room").click()
    page.get_by_test_id("field-title").fill(title)
    page.get_by_test_id("start-room-submit").click()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"followers": 12, "followers_needed": 600, "test_group_only": False},
            (
                "Hosting needs 600 followers here, and you have 12."
                " Ask whoever runs this server to let you host."
            ),
        ),
        (
            {"followers": 900, "followers_needed": 600, "test_group_only": True},
            (
                "Only people who were chosen for it may host here."
                " Ask whoever runs this server to choose you."
            ),
        ),
        (
            {"followers": 900, "followers_needed": 600, "test_group_only": False},
            "You may not host a room yet. Ask whoever runs this server.",
        ),
    ],
)
def test_the_refusal_to_host_says_what_is_missing(
    page: Page, facts: dict[str, Any], said: str
) -> None:
    start_room(page, "Night trains", MayNotHost(**facts).problem())
    page.get_by_test_id("start-problem").wait_for()

    assert page.get_by_test_id("start-problem").inner_text() == said
    assert page.get_by_test_id("field-title").input_value() == "Night trains"


def test_a_title_is_counted_near_its_limit_and_never_cut(page: Page) -> None:
    long = "🚂" * (DEFAULTS.longest_title + 8)
    start_room(page, long)
    field, count = page.get_by_test_id("field-title"), page.get_by_test_id("count-title")

    assert field.input_value() == long
    assert count.inner_text() == "78 of 70 characters: 8 too many"
    assert page.locator("#field-title-error").inner_text() == "Please shorten this."
    assert field.get_attribute("aria-invalid") == "true"

    field.fill("🚂" * DEFAULTS.longest_title)
    assert count.inner_text() == "70 of 70 characters"
    assert field.get_attribute("aria-invalid") is None
    assert page.locator("#field-title-error").inner_text() == ""

    field.fill("Night trains")
    assert count.is_hidden()


def test_a_room_without_a_title_is_refused_at_the_title(page: Page) -> None:
    start_room(page, " ")

    assert page.locator("#field-title-error").inner_text() == "A room needs a title."
    assert page.get_by_test_id("start-problem").is_hidden()


@pytest.mark.parametrize(
    ("pointers", "above"), [(["/handle"], False), (["/handle", "/colour"], True), ([], True)]
)
def test_an_error_is_shown_once(page: Page, pointers: list[str], above: bool) -> None:
    errors = [{"pointer": pointer, "detail": "Not this one."} for pointer in pointers]
    answer(page, "accounts", {"title": "This cannot be.", "errors": errors}, status=400)
    page.goto("/sign-in")
    page.get_by_test_id("to-register").click()
    for name, value in (("name", "Ana"), ("handle", "ana"), ("password", "correct horse")):
        page.get_by_test_id(f"field-{name}").fill(value)
    page.get_by_test_id("submit").click()
    page.locator(".problem:visible, .field-error:not(:empty)").first.wait_for()

    assert page.get_by_test_id("problem").is_visible() is above
    assert page.get_by_text("Not this one.").count() == ("/handle" in pointers)
