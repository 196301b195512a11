"""Carry out a command for a request, and answer from what it decided."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from spaces_project.kernel import ids
from spaces_project.kernel.entity import Entity
from spaces_project.kernel.limits.commands import limit_of
from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.kernel.log.wish import expecting_version, idempotent
from spaces_project.kernel.refusals import InvalidRequest, NotFound
from spaces_project.kernel.web.rate_limits import count
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import MOST_DIGITS

LONGEST_KEY: Final = 255
EntityT = TypeVar("EntityT", bound=Entity)


def carry_out(
    request: Request,
    command: Callable[..., Receipt],
    /,
    before: Callable[[], None] | None = None,
    **facts: Any,
) -> Receipt:
    """Run a command under the request's ``Idempotency-Key`` and ``If-Match``, where given.

    :param before: what has to be done first, but not for who is over the limit.
    :raises TooManyRequests: if it counts on a limit, is no repetition, and one too many.
    """
    key = idempotency_key(request)
    if (limit := limit_of(command)) is not None:
        once = None if key is None else f"{request.method} {request.path} {key}"
        count(request._request, limit, asker(request).account_id.hex, once)
    with expecting_version(_expected_version(request)):
        if before is not None:
            before()
        if key is None:
            return command(**facts)
        body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
        who = getattr(request.user, "account_id", "anonymous")
        with idempotent(f"{who} {request.method} {request.path}", key, body):
            return command(**facts)


def idempotency_key(request: Request) -> str | None:
    """Return the name of a wish, under which its repetitions are known; None if it has none.

    :raises InvalidRequest: if it can be none.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not key.isprintable() or not 0 < len(key) <= LONGEST_KEY):
        raise InvalidRequest(f"Idempotency-Key must be 1 to {LONGEST_KEY} printable characters.")
    return key


def decided(receipt: Receipt, entity_type: type[EntityT]) -> EntityT:
    """Return what was commanded, as it was right after the command, also for a retry of it."""
    if isinstance(receipt.entity, entity_type):
        return receipt.entity
    return event_log().load(entity_type, receipt.entity_id, version=receipt.version)


def answer(receipt: Receipt, body: dict[str, Any] | None, status: int = 200) -> Response:
    """Return the answer to a command: the new state, its version and its position."""
    response = Response(body, status=status)
    response["ETag"] = f'"{receipt.version}"'
    response["Position"] = str(receipt.position)
    if receipt.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def parse_id(prefix: str, text: str) -> UUID:
    """Return the UUID of an identifier in an address.

    :raises NotFound: if it is none: what cannot exist is not there.
    """
    try:
        return ids.parse(prefix, text)
    except ValueError:
        raise NotFound from None


def account_in_path(request: Request, text: str) -> UUID:
    """Return the account that a path means; ``me`` is who asks."""
    return asker(request).account_id if text == "me" else parse_id("acc", text)


def _expected_version(request: Request) -> int | None:
    tag = request.headers.get("If-Match")
    if tag is None or tag.strip() == "*":
        return None
    # A view's tag has more behind the version: how far the rest of the view had come.
    text = tag.strip().removeprefix("W/").strip('"').partition(".")[0]
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise InvalidRequest('If-Match must be an ETag that this address gave, e.g. "7".')
    return int(text)
