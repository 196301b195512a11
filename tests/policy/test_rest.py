"""The policy table over REST: every role is answered as its row says; no address without a row."""

import re
from ipaddress import ip_network
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from pytest_django import Settings

from spaces_project.policy.roles import ROLES
from spaces_project.policy.row import Section
from spaces_project.policy.table import REST
from spaces_project.presets import PRESETS
from tests.api.scenes import PROBLEM, Caller
from tests.policy.night import IN_TOKENS, Night

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

METHODS = ("get", "post", "put", "patch", "delete")
IN_A_ROOM = re.compile(r"^(?!GET ).*rooms/\{")
# What one does here changes nothing for the next who asks.
ONES_OWN = re.compile(r"/(join|leave|accept|decline|me|hands|reactions)$")


@pytest.fixture(autouse=True)
def everybody_hosts_as_often_as_they_like(settings: Settings) -> None:
    settings.PRESET = PRESETS["classic"]
    settings.LIMITS = {}
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


def answered(night: Night, section: Section, row: str) -> dict[str, str]:
    """Ask as every role; those first who are refused, for a refusal changes nothing."""
    found: dict[str, str] = {}
    wanted, has_changed = section.answers(row), False
    for role in sorted(ROLES, key=lambda role: wanted[role].startswith("2")):
        account_id = night.people.get(role)
        body = night.wish(dict(section.bodies.get(row, {})))
        response = Caller(account_id, IN_TOKENS.get(role, frozenset())).ask(night.filled(row), body)
        assert (response.get("Content-Type") == PROBLEM) == (response.status_code >= 400), row
        found[role] = str(response.status_code)
        changed = response.status_code < 300 and IN_A_ROOM.search(row) is not None
        has_changed = has_changed or changed
        if changed and not ONES_OWN.search(row):
            night.begin_again()
            has_changed = False
    if has_changed:
        night.begin_again()
    return {role: found[role] for role in ROLES}


@pytest.mark.parametrize("section", REST, ids=lambda section: section.title)
def test_every_role_is_answered_as_the_table_says(section: Section) -> None:
    night, wrong = Night(), {}
    for row in section.rows:
        found = answered(night, section, row)
        if found != section.answers(row):
            wrong[row] = " ".join(found.values())

    assert wrong == {}


def test_every_address_and_method_has_a_row() -> None:
    rows = {_shape(row) for section in REST for row in section.rows}
    asked = set(_addresses(get_resolver()))

    assert asked - rows == set()
    assert rows - asked == set()


def _addresses(resolver: URLResolver, before: str = "") -> Any:
    """Yield method and address of every view below ``/api/v1/``."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, route)
        elif route.startswith("api/v1/"):
            view = pattern.callback.view_class  # type: ignore[attr-defined]
            address = re.sub(r"<\w+:\w+>", "{}", route.removeprefix("api/v1/"))
            yield from (f"{m.upper()} {address}" for m in METHODS if hasattr(view, m))


def _shape(row: str) -> str:
    """Return a row's address as it is routed: identifiers and ``me`` in their place are alike."""
    address = re.sub(r"\{\w+\}", "{}", row.partition("?")[0])
    return re.sub(r"(?<=/(?:hands|muted)/)me$|(?<=/speakers/)me$", "{}", address)
