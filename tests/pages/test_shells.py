"""The shells: what they allow the browser, and what they do not hold."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client, override_settings

PAGES = ["/", "/sign-in", "/rooms/room_" + "0" * 26]
ROOMS = Path(__file__).parents[2] / "rooms"
TEMPLATES = sorted((ROOMS / "templates").rglob("*.html"))
SCRIPTS = ROOMS / "static" / "rooms" / "js"


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.mark.parametrize("path", PAGES)
@override_settings(ROOT_URLCONF="rooms.pages.urls", MIDDLEWARE=[])
def test_a_page_allows_only_what_is_ours(client: Client, path: str) -> None:
    response = client.get(path)

    policy = response["Content-Security-Policy"]
    assert response.status_code == 200
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(
        policy.split("; ")
    )
    assert "connect-src 'self' ws://localhost" in policy
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "microphone=(self)" in response["Permissions-Policy"]


@override_settings(ROOT_URLCONF="rooms.pages.urls", MIDDLEWARE=[])
def test_a_secure_page_allows_only_the_secure_socket(client: Client) -> None:
    policy = client.get("/", secure=True)["Content-Security-Policy"]

    assert "wss://localhost" in policy
    assert "ws://localhost" not in policy


@pytest.mark.parametrize("path", ["/rooms/", "/rooms/room_1", "/rooms/room_" + "u" * 26, "/x"])
@override_settings(ROOT_URLCONF="rooms.pages.urls", MIDDLEWARE=[])
def test_what_is_no_address_of_a_room_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@override_settings(MIDDLEWARE=[])
def test_who_reads_is_shown_a_page_where_nothing_is(client: Client) -> None:
    shown = client.get("/nothing", headers={"accept": "text/html,*/*;q=0.8"})

    assert (shown.status_code, "There is nothing here" in shown.text) == (404, True)
    assert "default-src 'none'" in shown["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/nothing", "*/*"), ("/api/v1/nothing", "text/html"), ("/static/nothing.js", "text/html")],
)
@override_settings(MIDDLEWARE=[])
def test_a_program_is_answered_with_a_problem_where_nothing_is(
    client: Client, path: str, accept: str
) -> None:
    answer = client.get(path, headers={"accept": accept})

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", PAGES)
@override_settings(ROOT_URLCONF="rooms.pages.urls", MIDDLEWARE=[])
def test_a_page_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_code(template: Path) -> None:
    text = template.read_text("utf-8")

    assert not re.search(r"\son\w+=|\sstyle=|javascript:|<style", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)


@pytest.mark.parametrize(
    ("template", "entry", "then"),
    [
        ("room", "shell", ["room", "room-session"]),
        ("lobby", "shell", ["lobby"]),
        ("sign_in", "sign-in", []),
    ],
)
def test_a_page_asks_for_all_its_modules_at_once(
    template: str, entry: str, then: list[str]
) -> None:
    text = next(path for path in TEMPLATES if path.stem == template).read_text("utf-8")

    assert set(re.findall(r'modulepreload" href="{% static \'rooms/js/([\w-]+)\.js', text)) == (
        _modules_below(entry, *then) | set(then)
    )


def _modules_below(*entries: str) -> set[str]:
    found: set[str] = set()
    waiting = [*entries]
    while waiting:
        script = (SCRIPTS / f"{waiting.pop()}.js").read_text("utf-8")
        new = set(re.findall(r'from "\./([\w-]+)\.js"', script)) - found
        found |= new
        waiting += new
    return found


def test_the_pages_can_be_installed() -> None:
    static = SCRIPTS.parent
    manifest = json.loads((static / "app.webmanifest").read_text("utf-8"))
    base = next(path for path in TEMPLATES if path.stem == "base").read_text("utf-8")

    assert 'rel="manifest"' in base
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all((static / icon["src"]).is_file() for icon in manifest["icons"])
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
