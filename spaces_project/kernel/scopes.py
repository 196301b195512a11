"""What a server's key may do: one table of actions and scopes, and by default nothing."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, cast

from django.conf import settings
from django.utils.module_loading import import_string

from spaces_project.kernel.authentication import GUEST, Identity
from spaces_project.kernel.refusals import NameNeeded, NotAllowed

ROOT: Final = "api/v1/"
WEBHOOKS: Final = "webhooks"
ALL_WEBHOOKS: Final = "webhooks:all"
_BROADER: Final = {WEBHOOKS: ALL_WEBHOOKS}
_WITHOUT_ACCOUNT: Final = frozenset({WEBHOOKS})  # what a key may do that acts for nobody


class ScopeMissing(NotAllowed):
    """The key may not do this.

    ``scope`` names what it would need; without one, no key may do it, only a person who has signed
    in. Scopes of a key never change: make another key.
    """

    code, title = "scope-missing", "The key has not the scope that this takes."


def must_be_granted(identity: Identity, action: str) -> None:
    """Refuse a key what it was not made for; a person who has signed in is not asked.

    But the endpoints of webhooks are nobody's who has no name.

    :param action: a row of the table, e.g. ``POST rooms/{}/join`` or ``frame hand.raise``.
    :raises ScopeMissing: unless the table has a scope for it, and the key has that scope.
    :raises NameNeeded: if a guest asks for webhooks.
    """
    grant = identity.grant
    needed = _table().get(action)
    if grant is None:
        if GUEST in identity.roles and needed == WEBHOOKS:
            raise NameNeeded
        return
    if needed is None:
        raise ScopeMissing("No key may do this.")
    if not grant.scopes & {needed, _BROADER.get(needed, needed)}:
        raise ScopeMissing(scope=needed)
    if grant.acts_for is None and needed not in _WITHOUT_ACCOUNT:
        raise ScopeMissing("This key acts for nobody; name an account in On-Behalf-Of.")


@lru_cache(maxsize=1024)
def rest_action(method: str, route: str) -> str:
    """Return the row of a REST request: ``GET``, ``api/v1/rooms/<str:room_id>`` as one line."""
    asked = "GET" if method == "HEAD" else method
    return f"{asked} {re.sub(r'<[^>]*>', '{}', route.removeprefix(ROOT))}"


@cache
def _table() -> Mapping[str, str | None]:
    return cast(Mapping[str, str | None], import_string(settings.SCOPES))
