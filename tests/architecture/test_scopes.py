"""What keys of servers may do stands in one table, and every address has its row."""

from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver

from accounts import commands
from rooms.socket_commands import SOCKET_COMMANDS
from spaces_project.kernel.scopes import ROOT, rest_action
from spaces_project.scopes import FRAMES, REST, SCOPES

METHODS = ("get", "post", "put", "patch", "delete")


def actions(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield every method and address below ``/api/v1/``."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from actions(pattern, route)
        elif route.startswith(ROOT):
            view = getattr(pattern.callback, "view_class", None)
            assert view is not None, f"{route} is no view that keys are refused by"
            yield from (rest_action(m.upper(), route) for m in METHODS if hasattr(view, m))


@pytest.mark.usefixtures("migrated")
def test_every_address_and_method_has_a_row() -> None:
    asked = set(actions(get_resolver()))

    assert len(asked) > 20
    assert asked - set(REST) == set()


def test_every_command_frame_has_a_row() -> None:
    assert set(SOCKET_COMMANDS) - set(FRAMES) == set()


def test_every_scope_of_the_table_can_be_given_to_a_key() -> None:
    needed = {scope for scope in SCOPES.values() if scope is not None}

    assert needed - set(commands.OWN_SCOPES) == set()
    assert not set(commands.OWN_SCOPES) & set(commands.OPERATORS_SCOPES)


def test_an_address_is_found_whatever_its_parts_are_called() -> None:
    assert rest_action("HEAD", "api/v1/rooms/<str:room_id>/hands") == "GET rooms/{}/hands"
