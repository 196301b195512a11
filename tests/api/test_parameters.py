"""A query parameter that an address does not know is refused, whatever the method."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.api_keys import good_ones
from rooms.models import InboxRead
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.address import Address
from tests.api.scenes import Caller, said
from tests.projections.scenes import live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
METHODS = ("get", "post", "put", "patch", "delete")


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each, path)
        else:
            yield path, each


def addresses() -> list[tuple[str, type]]:
    """Return every address of the interface, and the class of its view."""
    return [
        (path.removeprefix("api/v1/"), getattr(pattern.callback, "view_class", type(None)))
        for path, pattern in _patterns(get_resolver())
        if path.startswith("api/v1/")
    ]


def test_every_address_refuses_what_it_does_not_know() -> None:
    caller, answers = Caller(someone("ana")), {}
    for path, view in addresses():
        assert issubclass(view, Address), path
        for method in METHODS:
            if hasattr(view, method):
                line = f"{method.upper()} {re.sub('<[^>]*>', 'me', path)}"
                answer = caller.ask(f"{line}?dry_run=true")
                answers[line] = (*said(answer), answer.json()["errors"][0]["pointer"])

    assert len(answers) > len(addresses()) > 30
    assert set(answers.values()) == {(400, "invalid-request", "/dry_run")}


def test_a_command_does_not_know_what_its_list_does() -> None:
    answer = Caller(someone("ana")).ask("POST rooms?state=live", {"title": "Tea"})

    assert said(answer) == (400, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == "/state"


NO_MOMENTS = ["2026-11-20", "2026-11-20T10:41:02", "20261120T104102Z", "2026-W47-5", 1763635262]


@pytest.mark.parametrize("until", [*NO_MOMENTS, "0001-01-01T00:00:00+23:59", None, []])
def test_the_inbox_is_read_until_a_moment_and_not_a_day(until: object) -> None:
    answer = Caller(someone("ana")).ask("PUT accounts/me/inbox/read", {"until": until})

    assert said(answer) == (400, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == "/until"
    assert not InboxRead.objects.exists()


@pytest.mark.parametrize("t", NO_MOMENTS)
def test_a_room_is_shown_as_it_was_at_a_moment_and_not_on_a_day(t: object) -> None:
    ana = someone("ana")
    room_id = live_room(ana)
    see()

    answer = Caller(ana).ask(f"GET rooms/{public('room', room_id)}/at?t={t}")

    assert said(answer) == (400, "invalid-request")


def test_moments_are_taken_in_every_zone() -> None:
    ana = Caller(someone("ana"))
    for until in ("2026-11-20T10:41:02Z", "2026-11-20t12:41:02.5+02:00"):
        assert ana.ask("PUT accounts/me/inbox/read", {"until": until}).status_code == 200


@pytest.mark.parametrize("scopes", [{"rooms": True}, "rooms", [], ["everything"], [["rooms"]], 1])
def test_a_key_has_a_list_of_scopes(scopes: object) -> None:
    ana = someone("ana")
    answer = Caller(ana).ask("POST accounts/me/api-keys", {"name": "bot", "scopes": scopes})

    assert said(answer) == (400, "invalid-request")
    assert answer.json()["errors"][0]["pointer"].startswith("/scopes")
    assert list(good_ones(ana)) == []


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST {room}/reactions", {"emoji": "🎉"}),
        ("POST {room}/join", {}),
        ("POST rooms", {"title": "Tea"}),
        ("POST webhook-endpoints", {"url": "https://example.com/", "types": []}),
        ("POST accounts", {"handle": "newcomer", "name": "New", "password": "a long made up one"}),
    ],
)
def test_the_name_of_a_wish_has_the_same_bounds_everywhere(line: str, body: object) -> None:
    ana = someone("ana")
    caller, room = Caller(ana), f"rooms/{public('room', live_room(ana))}"
    for key in ("k" * 256, "", "a\tb"):
        answer = caller.ask(line.format(room=room), body, Idempotency_Key=key)
        assert said(answer) == (400, "invalid-request"), key
        assert "Idempotency-Key" in answer.json()["detail"]
    if "join" in line:
        answer = caller.ask(line.format(room=room), body, Idempotency_Key="k" * 255)
        assert answer.status_code == 200
