"""The keys of servers: made, found, used, taken back. No key is kept, only its SHA-256.

A fast hash is right here, other than for passwords: a key is 256 random bits, which nobody can
try through, however quickly; and every request asks for one.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.domain.account import Account
from accounts.domain.errors import TooManyKeys
from accounts.models import ApiKey
from spaces_project.kernel.clock import now
from spaces_project.kernel.database import one_at_a_time
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import NotFound, Refusal
from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.server_keys import PREFIX, FoundKey, Grant
from spaces_project.kernel.webhooks.endpoints import disable_of

SECRET_BYTES: Final = 32
MOST_KEYS: Final = 20  # an account's, that are still good
COARSE: Final = timedelta(minutes=10)
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Cupboard:
    """What the kernel asks about keys (:mod:`spaces_project.kernel.server_keys`)."""

    def find(self, digest: bytes) -> FoundKey | None:
        """Return the key with this SHA-256, None if there is none or it was revoked."""
        kept = ApiKey.objects.filter(digest=digest, revoked_at=None).first()
        if kept is None:
            return None
        grant = Grant(kept.id, frozenset(kept.scopes), kept.account_id)
        return FoundKey(grant, kept.expires_at or NEVER)

    def has_account(self, account_id: UUID) -> bool:
        """Tell whether there is such an account, from the log."""
        try:
            event_log().load(Account, account_id)
        except Refusal:
            return False
        return True

    def were_used(self, key_ids: Iterable[UUID]) -> None:
        """Take note, to ten minutes, that keys were used by now."""
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now() - COARSE)
        ApiKey.objects.filter(long_ago, id__in=list(key_ids)).update(last_used_at=now())


cupboard = Cupboard()


def make(
    *, account_id: UUID | None, name: str, scopes: Sequence[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Return a new key: its row, and the key itself, which is kept nowhere.

    :raises TooManyKeys: if the account has 20 that are good.
    """
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        if account_id is not None:
            one_at_a_time(account_id)
            if good_ones(account_id).count() >= MOST_KEYS:
                raise TooManyKeys(most=MOST_KEYS)
        made = ApiKey.objects.create(
            id=new_id(),
            digest=hashlib.sha256(secret.encode()).digest(),
            account_id=account_id,
            name=name,
            scopes=sorted(set(scopes)),
            created_at=now(),
            expires_at=expires_at,
        )
    return made, secret


def good_ones(account_id: UUID | None) -> QuerySet[ApiKey]:
    """Return the keys of an account, or the operator's, that are good."""
    owned = ApiKey.objects.filter(account_id=account_id, revoked_at=None)
    return owned.filter(Q(expires_at=None) | Q(expires_at__gt=now()))


def revoke(key_id: UUID, *, owned_by: UUID | None = None) -> ApiKey:
    """Take a key back: at once here, within five seconds everywhere; a second time is no error.

    :param owned_by: whose it must be, if not the operator asks.
    :raises NotFound: if there is no such key.
    """
    asked = ApiKey.objects.filter(id=key_id)
    kept = (asked if owned_by is None else asked.filter(account_id=owned_by)).first()
    if kept is None:
        raise NotFound
    if kept.revoked_at is None:
        kept.revoked_at = now()
        kept.save(update_fields=["revoked_at"])
    revocations().revoke(kept.id, kept.expires_at or NEVER)
    disable_of(kept.id)
    return kept
