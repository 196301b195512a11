"""Bearer tokens and keys over REST (RFC 6750).

Never cookies, so there is nothing to forge across sites.
"""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from spaces_project.kernel.authentication import HEADER, Identity, identify, on_behalf
from spaces_project.kernel.refusals import NotAuthenticated
from spaces_project.kernel.scopes import must_be_granted, rest_action

SCHEME = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """Reads the token or key of the ``Authorization`` header.

    Here, where every address passes, a key is refused what its scopes do not cover.
    """

    def authenticate(self, request: Request) -> tuple[Identity, str] | None:
        """Return whom the token speaks for, None without a token.

        :raises NotAuthenticated: if there is a token and it is not valid.
        :raises ScopeMissing: if it is a key that may not do this.
        """
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != SCHEME.lower() or not token:
            raise NotAuthenticated("The Authorization header must be: Bearer <token>.")
        identity = on_behalf(identify(token.strip()), request.headers.get(HEADER, ""))
        must_be_granted(identity, rest_action(request.method or "", _route(request)))
        return identity, token

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        del request
        return f'{SCHEME} realm="spaces"'


class SignedIn(BasePermission):
    """The default of every view: somebody known asks."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether somebody known asks.

        :raises NotAuthenticated: if not.
        """
        del view
        if not isinstance(request.user, Identity):
            raise NotAuthenticated
        return True


def asker(request: Request) -> Identity:
    """Return who asks; only behind :class:`SignedIn`."""
    assert isinstance(request.user, Identity)
    return request.user


def _route(request: Request) -> str:
    match = request.resolver_match
    return match.route if match is not None else ""
