"""Invitations in the lobby: accepted they lead into the room, declined they go."""

import pytest
from playwright.sync_api import Page, Route

from tests.pages.conftest import BO, answer, sign_in
from tests.pages.rooms import AT, DEE, ROOM_ID, person, room
from tests.pages.scenes import FAR, listed, play_api, play_room


def open_lobby(page: Page, kind: str = "room") -> list[str]:
    """Open Bo's lobby with one invitation; returns what is declined from now on."""
    declined: list[str] = []

    def decline(route: Route) -> None:
        declined.append(route.request.method)
        route.fulfill(status=200, json={})

    play_api(page)
    item = {"kind": kind, "room": listed(), "by": person(DEE), "at": AT, "expires_at": FAR}
    answer(page, "accounts/me/inbox?*", {"next": None, "previous": None, "results": [item]})
    page.route(f"**/api/v1/rooms/{ROOM_ID}/invitations/decline", decline)
    play_room(page, room())
    sign_in(page, BO)
    page.goto("/")
    page.get_by_test_id("inbox-item").wait_for()
    return declined


@pytest.mark.parametrize("kind", ["room", "speak", "followers"])
def test_accepting_leads_into_the_room(page: Page, kind: str) -> None:
    declined = open_lobby(page, kind)
    page.evaluate("window.same = true")
    page.get_by_test_id("inbox-accept").click()
    page.get_by_test_id("stage-seat").first.wait_for()

    assert page.url.endswith(f"/rooms/{ROOM_ID}")
    assert page.evaluate("window.same")
    assert declined == []


@pytest.mark.parametrize("kind", ["room", "speak"])
def test_declining_is_told_to_the_server_and_the_invitation_goes(page: Page, kind: str) -> None:
    declined = open_lobby(page, kind)
    page.get_by_test_id("inbox-decline").click()
    page.get_by_test_id("inbox").wait_for(state="hidden")

    assert declined == ["POST"]


def test_what_cannot_be_declined_stays_and_says_why(page: Page) -> None:
    open_lobby(page)
    no = {"title": "That invitation is over.", "status": 409}
    answer(page, f"rooms/{ROOM_ID}/invitations/decline", no, status=409)
    page.get_by_test_id("inbox-decline").click()
    page.get_by_test_id("toast").filter(has_text="That invitation is over.").wait_for()

    assert page.get_by_test_id("inbox-item").count() == 1


def test_what_all_followers_were_told_is_put_away_without_a_word(page: Page) -> None:
    declined = open_lobby(page, "followers")
    page.get_by_test_id("inbox-decline").click()
    page.get_by_test_id("inbox").wait_for(state="hidden")
    page.reload()
    page.get_by_test_id("room-card").first.wait_for()
    page.wait_for_load_state("networkidle")

    assert page.get_by_test_id("inbox").is_hidden()
    assert declined == []
