"""Who is let in first: a list, a share of all people that only grows, or everyone."""

import re
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec

LIST: Final = "list"
PERCENTAGE: Final = "percentage"
EVERYONE: Final = "everyone"
ALL: Final = 100
SALT: Final = b"host"  # another one would draw other people; these drew for hosting
_PERCENTAGE: Final = re.compile(r"percentage:(\d{1,3})", re.ASCII)


class Rollout(msgspec.Struct, frozen=True):
    """How far hosting is let out.

    :param kind: ``list``, ``percentage`` or ``everyone``.
    :param percentage: of all people, 0 to 100; None unless the kind says so.
    """

    kind: str
    percentage: int | None = None

    def lets(self, bucket: int, *, listed: bool) -> bool:
        """Tell whether somebody is let in; who is on the list is in from the first step on."""
        if self.kind == EVERYONE or listed:
            return True
        return self.percentage is not None and bucket < self.percentage


def rollout_of(text: str) -> Rollout:
    """Return the rollout that an operator wrote.

    :raises ValueError: if it is none.
    """
    if text in (LIST, EVERYONE):
        return Rollout(text)
    found = _PERCENTAGE.fullmatch(text)
    if found is None or int(found[1]) > ALL:
        raise ValueError(f"it must be list, percentage:0 to percentage:100 or everyone, not {text}")
    return Rollout(PERCENTAGE, int(found[1]))


def bucket_of(account_id: UUID) -> int:
    """Return which hundredth of all people somebody belongs to, 0 to 99, for ever the same."""
    digest = sha256(SALT + account_id.bytes).digest()
    return int.from_bytes(digest[:8], "big") % ALL
