"""The page of the documents in a real browser: whole, without a network, without a barrier."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from spaces_project.interface.openapi import openapi
from tests.browsers import person
from tests.interface.site import serving
from tests.pages.test_look import RULES

PAGES = ("/api/", "/api/docs")
# Measuring every colour of a page as long as this takes a minute; what repeats looks alike.
BUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
BEGINNING = {"include": [["main > :nth-child(-n+4)"]]}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The base address of the documents."""
    with serving() as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_barrier(chromium: Browser, site: str, path: str) -> None:
    with person(chromium, site, color_scheme="light", bypass_csp=True) as page:
        page.goto(path)
        found = [Axe().run(page, options=BUT_COLOURS)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found.append(Axe().run(page, context=BEGINNING, options=COLOURS))

    assert [each.generate_report() for each in found if each.violations_count] == []
    assert all(each.response["passes"] for each in found)


@pytest.mark.parametrize("path", PAGES)
def test_a_small_phone_scrolls_only_down(chromium: Browser, site: str, path: str) -> None:
    with person(chromium, site, viewport={"width": 320, "height": 640}) as page:
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_it_asks_nobody_else_and_keeps_to_its_policy(
    chromium: Browser, site: str, path: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    with person(chromium, site) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        shown = page.goto(path)
        assert shown is not None
        assert "script-src 'self'" in (shown.header_value("content-security-policy") or "")

    assert [url for url in asked if not url.startswith(site)] == []
    assert said == []


def test_every_operation_and_every_schema_has_its_place(chromium: Browser, site: str) -> None:
    with person(chromium, site) as page:
        page.goto("/api/docs")
        places = set(page.evaluate("Array.from(document.querySelectorAll('[id]'), (e) => e.id)"))
        dead = page.evaluate(
            "Array.from(document.querySelectorAll('a[href^=\"#\"]'), (a) => a.hash.slice(1))"
            ".filter((id) => !document.getElementById(id))"
        )
    document = openapi()
    named = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    } | {f"schema-{name}" for name in document["components"]["schemas"]}

    assert named - places == set()
    assert dead == []
