"""Pages in a real browser, without the rest of the product."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route

from tests.browsers import person
from tests.pages.rooms import ANA, BO, NAMES, ROOM_ID
from tests.pages.server import Server, wait
from tests.pages.site import serving

Fold = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The base address of the pages."""
    settings = override_settings(ROOT_URLCONF="rooms.pages.urls", ALLOWED_HOSTS=["*"])
    with settings, serving() as address:
        yield address


@pytest.fixture(scope="module")
def workshop(chromium: Browser, site: str) -> Iterator[Page]:
    """An empty page for modules that are pure: one for all tests of a file."""
    with person(chromium, site) as opened:
        opened.goto("/blank")
        yield opened


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page of somebody who has not come yet."""
    with person(chromium, site) as opened:
        opened.set_default_timeout(5_000)
        yield opened


@pytest.fixture
def module(workshop: Page) -> Callable[..., Any]:
    """Call a function of one of our modules in the browser."""

    def call(name: str, function: str, *arguments: object) -> Any:
        script = (
            "async ([name, f, args]) =>"
            " (await import(`/static/rooms/js/${name}.js`))[f](...args) ?? null"
        )
        return workshop.evaluate(script, [name, function, list(arguments)])

    return call


@pytest.fixture
def fold(workshop: Page) -> Fold:
    """Fold frames into a room, in the browser."""

    def run(*frames: object) -> dict[str, Any]:
        script = """async (frames) => {
            const { fold } = await import("/static/rooms/js/fold.js");
            return frames.reduce(fold, null);
        }"""
        folded: dict[str, Any] = workshop.evaluate(script, list(frames))
        return folded

    return run


@pytest.fixture
def server(page: Page) -> Server:
    """A room's page whose socket the test serves."""
    server = Server()
    page.route_web_socket("**/ws/v1/rooms/*", server.accept)
    answer(page, "**", {"title": "No sound here.", "status": 403}, status=403)
    sign_in(page)
    page.goto(f"/rooms/{ROOM_ID}")
    wait(page, lambda: server.said("auth"))
    return server


def sign_in(page: Page, account_id: str = BO) -> None:
    """Put somebody's session into the tab before its first page."""
    account = {"id": account_id, "name": NAMES[account_id], "handle": account_id[4:7]}
    session = {"token": "t", "expires_at": "2999-01-01T00:00:00.000Z", "account": account}
    page.add_init_script(f"sessionStorage['spaces.session'] = {json.dumps(json.dumps(session))}")


def answer(page: Page, path: str, body: object, status: int = 200) -> None:
    """Play the API for one address."""

    def fulfil(route: Route) -> None:
        route.fulfill(status=status, json=body)

    page.route(f"**/api/v1/{path}", fulfil)


__all__ = ["ANA", "BO", "answer", "sign_in"]
