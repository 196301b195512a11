"""Pages of a list that is short enough to be made whole: ``{next, previous, results}``."""

import base64
from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from rest_framework.request import Request

from spaces_project.kernel.refusals import InvalidRequest
from spaces_project.kernel.web.pages import MOST, USUAL
from spaces_project.kernel.web.shapes import number

Key = tuple[str, ...]
ItemT = TypeVar("ItemT")
BEHIND: Final = "b"  # the page behind a key, or the one before it
BEFORE: Final = "f"


class ShortListPage(Generic[ItemT]):
    """One page of items whose keys fall; it stays where it is while others come and go.

    :param items: the greatest key first.
    :raises InvalidRequest: if limit or cursor cannot be meant.
    """

    def __init__(self, request: Request, items: Sequence[ItemT], keys: Sequence[Key]) -> None:
        self._request = request
        limit = number(request.query_params, "limit", USUAL, 1, MOST)
        side, at = self._cursor(request.query_params.get("cursor"))
        behind = [place for place, key in enumerate(keys) if at is None or key < at]
        if side == BEFORE:
            last = sum(at is not None and key > at for key in keys)
            first = max(0, last - limit)
        else:
            first = behind[0] if behind else len(keys)
            last = min(len(keys), first + limit)
        self.items = list(items[first:last])
        self._next = self._address(BEHIND, keys[last - 1]) if first < last < len(keys) else None
        self._previous = self._address(BEFORE, keys[first]) if 0 < first < last else None

    def body(self, results: list[Any]) -> dict[str, Any]:
        """Return the page as clients see it."""
        return {"next": self._next, "previous": self._previous, "results": results}

    def _address(self, side: str, key: Key) -> str:
        cursor = base64.urlsafe_b64encode("|".join((side, *key)).encode()).decode()
        query = {**self._request.query_params.dict(), "cursor": cursor}
        return f"{settings.BASE_URL}{self._request.path}?{urlencode(query)}"

    def _cursor(self, text: str | None) -> tuple[str, Key | None]:
        if text is None:
            return BEHIND, None
        try:
            side, *key = base64.urlsafe_b64decode(text.encode("ascii")).decode().split("|")
        except ValueError:
            side, key = "", []
        if side not in (BEHIND, BEFORE) or not key:
            raise InvalidRequest("cursor must be one that a page gave in next or previous.")
        return side, tuple(key)
