"""Bearer tokens over REST (RFC 6750); never cookies, so there is nothing to forge across sites."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from spaces_project.kernel.authentication import Identity, identify
from spaces_project.kernel.refusals import NotAuthenticated

SCHEME = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """Reads the token of the ``Authorization`` header."""

    def authenticate(self, request: Request) -> tuple[Identity, str] | None:
        """Return whom the token speaks for, None without a token.

        :raises NotAuthenticated: if there is a token and it is not valid.
        """
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != SCHEME.lower() or not token:
            raise NotAuthenticated("The Authorization header must be: Bearer <token>.")
        return identify(token.strip()), token

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
