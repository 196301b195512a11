"""How a socket begins: from an allowed page, and with who it is in the first frame."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.conf import settings

from spaces_project.kernel.authentication import Identity, identified
from spaces_project.kernel.refusals import InvalidRequest, NotAllowed, NotAuthenticated
from spaces_project.kernel.scopes import must_be_granted
from spaces_project.kernel.sockets import close_codes

if TYPE_CHECKING:
    from spaces_project.kernel.sockets.protocol import BoundedWebSocket

AUTHENTICATE_WITHIN_S: Final = 5.0
# What comes of words that are no frame; a thousand brackets are no error of msgspec's own.
UNREADABLE: Final = (msgspec.MsgspecError, RecursionError)


class AuthFrame(msgspec.Struct, tag="auth", tag_field="type"):
    """The first frame: who it is, and which event, of which epoch of the log, was seen last."""

    token: str
    on_behalf_of: str = ""
    after: int | None = None
    epoch: str | None = None


class Goodbye(Exception):
    """Ends the socket with a close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def authenticate(protocol: "BoundedWebSocket", action: str) -> tuple[AuthFrame, Identity]:
    """Return the first frame, and whom its token, or key, speaks for.

    :param action: what a server's key needs a scope for, e.g. ``socket rooms``.
    :raises Goodbye: if there is none in time, or it is none, or of nobody.
    """
    try:
        words = await asyncio.wait_for(protocol.inbox.get(), AUTHENTICATE_WITHIN_S)
        hello = msgspec.json.decode(words or b"", type=AuthFrame)
        identity = await identified(hello.token, hello.on_behalf_of)
        must_be_granted(identity, action)
        return hello, identity
    except TimeoutError:
        raise Goodbye(close_codes.NOT_AUTHENTICATED, "no auth frame came") from None
    except UNREADABLE:
        raise Goodbye(close_codes.BAD_FRAME, "the first frame must be auth") from None
    except NotAuthenticated as refusal:
        raise Goodbye(close_codes.AUTHENTICATION_FAILED, str(refusal)) from None
    except (InvalidRequest, NotAllowed) as refusal:
        raise Goodbye(close_codes.FORBIDDEN, str(refusal)) from None


def origin_is_allowed(scope: Any) -> bool:
    """Tell whether a browser's page may open this socket; native apps send no Origin."""
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    return all(origin in settings.ALLOWED_ORIGINS for origin in origins)
