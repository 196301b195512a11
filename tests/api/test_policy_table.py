"""Who may ask what: one table is the policy; an address without a row fails."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from rooms.api.urls import urlpatterns
from spaces_project.kernel.ids import new_id, public
from tests.api.scenes import PROBLEM, Evening, acc

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ROLES = ("anonymous", "stranger", "listener", "speaker", "host", "removed", "blocked")
# What each role is answered, in that order, in a live room where cy listens with a raised hand
# and bo speaks. The rows with "me" are about whoever asks.
TABLE: dict[str, tuple[int, ...]] = {
    "GET rooms":                  (401, 200, 200, 200, 200, 200, 200),
    "POST rooms":                 (401, 201, 201, 201, 201, 201, 201),
    "GET accounts/me/hosting":    (401, 200, 200, 200, 200, 200, 200),
    "GET accounts/me/inbox":      (401, 200, 200, 200, 200, 200, 200),
    "PUT accounts/me/inbox/read": (401, 200, 200, 200, 200, 200, 200),
    "GET tray":                   (401, 200, 200, 200, 200, 200, 200),
    "GET {room}":                 (401, 200, 200, 200, 200, 200, 404),
    "PATCH {room}":               (401, 403, 403, 403, 200, 403, 404),
    "POST {room}/start":          (401, 403, 403, 403, 409, 403, 404),
    "POST {room}/end":            (401, 403, 403, 403, 200, 403, 404),
    "POST {room}/join":           (401, 200, 200, 200, 200, 403, 404),
    "POST {room}/leave":          (401, 200, 200, 200, 200, 200, 404),
    "GET {room}/hands":           (401, 200, 200, 200, 200, 403, 404),
    "POST {room}/hands":          (401, 409, 409, 409, 409, 403, 404),
    "DELETE {room}/hands/me":     (401, 409, 200, 409, 409, 409, 404),
    "DELETE {room}/hands/{cy}":   (401, 403, 200, 403, 200, 403, 404),
    "PUT {room}/speakers/{cy}":   (401, 403, 403, 403, 200, 403, 404),
    "DELETE {room}/speakers/{bo}": (401, 403, 403, 200, 200, 403, 404),
    "DELETE {room}/speakers/me":  (401, 409, 409, 200, 409, 409, 404),
    "PUT {room}/muted/{bo}":      (401, 403, 403, 200, 200, 403, 404),
    "PUT {room}/muted/{ana}":     (401, 403, 403, 403, 200, 403, 404),
    "PUT {room}/muted/me":        (401, 409, 409, 200, 200, 409, 404),
    "DELETE {room}/muted/{bo}":   (401, 403, 403, 200, 403, 403, 404),
    "DELETE {room}/muted/me":     (401, 409, 409, 200, 200, 409, 404),
    "PUT {room}/removed/{cy}":    (401, 403, 403, 403, 200, 403, 404),
    "PUT {room}/removed/{ana}":   (401, 403, 403, 403, 409, 403, 404),
    "PUT {room}/blocked/{cy}":    (401, 403, 403, 403, 200, 403, 404),
    "PUT {room}/blocked/{ana}":   (401, 403, 403, 403, 409, 403, 404),
    "POST {room}/reactions":      (401, 409, 202, 202, 409, 409, 404),
    "DELETE {room}/removed/{di}": (401, 403, 403, 403, 200, 403, 404),
    "DELETE {room}/blocked/{ed}": (401, 403, 403, 403, 200, 403, 404),
    "POST {room}/handover":       (401, 403, 403, 403, 200, 403, 404),
    "POST {room}/invitations":    (401, 403, 403, 403, 200, 403, 404),
    "DELETE {room}/invitations/{cy}": (401, 403, 403, 403, 409, 403, 404),
    "POST {room}/invitations/accept": (401, 409, 409, 409, 409, 409, 404),
    "POST {room}/invitations/decline": (401, 409, 409, 409, 409, 409, 404),
    "PUT {room}/cohosts/{bo}":    (401, 403, 403, 403, 200, 403, 404),
    "DELETE {room}/cohosts/{bo}": (401, 403, 403, 403, 409, 403, 404),
    "POST {room}/mute-all":       (401, 403, 403, 403, 200, 403, 404),
    "POST {room}/pins":           (401, 403, 403, 403, 201, 403, 404),
    "DELETE {room}/pins/{pin}":   (401, 403, 403, 403, 404, 403, 404),
    "GET {room}/at":              (401, 400, 400, 400, 400, 403, 404),
    "GET {room}/participants":    (401, 200, 200, 200, 200, 403, 404),
    "GET {room}/events":          (401, 200, 200, 200, 200, 403, 404),
}  # fmt: skip
BODIES: dict[str, Any] = {
    "POST {room}/handover": {"account_id": "{bo}"},
    "POST {room}/invitations": {"followers": True},
    "POST {room}/pins": {"text": "tea"},
    "POST rooms": {"title": "Tea"},
    "PATCH {room}": {},
    "PUT accounts/me/inbox/read": {"until": "2026-11-20T10:40:59.615Z"},
    "POST {room}/reactions": {"emoji": "👏"},
}


@pytest.mark.parametrize("line", TABLE)
def test_everybody_is_answered_as_the_table_says(line: str) -> None:
    wanted = dict(zip(ROLES, TABLE[line], strict=True))
    answered: dict[str, int] = {}
    evening = an_evening()
    # Refusals first: they change nothing, so that one evening does for all of them.
    for role in sorted(ROLES, key=lambda role: wanted[role] < 300):
        people = {name: acc(getattr(evening, name)) for name in ("ana", "bo", "cy", "di", "ed")}
        asked = line.format(room=evening.path, pin=public("pin", new_id()), **people)
        body = {
            member: value.format(**people) if isinstance(value, str) else value
            for member, value in BODIES.get(line, {}).items()
        }
        response = evening.by_role[role].ask(asked, body)
        answered[role] = response.status_code
        assert (response["Content-Type"] == PROBLEM) == (response.status_code >= 400)
        if response.status_code < 300 and not line.startswith("GET"):
            evening = an_evening()

    assert answered == wanted


def test_every_address_and_method_has_a_row() -> None:
    rows = {
        (line.split()[0], re.sub(r"\{room\}", "rooms/{}", re.sub(r"me$|\{(?!room)\w+\}", "{}", p)))
        for line, p in ((line, line.split()[1]) for line in TABLE)
    }

    assert addresses() - rows == set()
    assert rows - addresses() == set()


def addresses() -> set[tuple[str, str]]:
    """Return every method and address of ``rooms/api/urls.py``."""
    found = set()
    for pattern in urlpatterns:
        view: Callable[..., Any] = pattern.callback
        address = re.sub(r"<str:\w+>", "{}", str(pattern.pattern))
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(view.view_class, method):  # type: ignore[attr-defined]
                found.add((method.upper(), address))
    return found


def an_evening() -> Evening:
    """Return a new evening; Cy's hand is up."""
    evening = Evening()
    assert evening.listener.ask(f"POST {evening.path}/hands").status_code == 200
    return evening
