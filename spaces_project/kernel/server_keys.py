"""Keys with which servers ask: what a key may do, and where it is looked up.

The kernel knows what a key looks like and what it is limited to; who keeps keys is said by
``settings.SERVER_KEYS``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

PREFIX: Final = "sk_"
FOR_ANYBODY: Final = "act:any"  # the scope that lets a key act for any account


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key is limited to.

    ``acts_for`` is None for a key of the operator that stands for no account by itself.
    """

    key_id: UUID
    scopes: frozenset[str]
    acts_for: UUID | None


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key that is good, and until when."""

    grant: Grant
    expires_at: datetime


class KeyCupboard(Protocol):
    """Who keeps the keys."""

    def find(self, digest: bytes) -> FoundKey | None:
        """Return the key with this SHA-256, None if there is none or it was revoked."""

    def has_account(self, account_id: UUID) -> bool:
        """Tell whether there is such an account."""

    def were_used(self, key_ids: Iterable[UUID]) -> None:
        """Take note that keys were used by now."""


@cache
def cupboard() -> KeyCupboard:
    """Return who keeps the keys."""
    kept: Any = import_string(settings.SERVER_KEYS)
    return cast(KeyCupboard, kept)
