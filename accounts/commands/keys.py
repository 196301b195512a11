"""What may be asked about keys of servers. None of it is an event: secrets stay out of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts import api_keys
from accounts.commands.people import existing_account

# What an account may give to a key of its own.
OWN_SCOPES: Final = (
    "rooms:read",
    "rooms:write",
    "moderate",
    "media",
    "accounts:read",
    "accounts:write",
    "webhooks",
)
# What only the operator gives: to hear all rooms, to act for anybody.
OPERATORS_SCOPES: Final = ("webhooks:all", "act:any")


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key; ``secret`` is shown once and kept nowhere."""

    key_id: UUID
    secret: str


def make_key(
    *,
    account_id: UUID | None,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> MadeKey:
    """Make a key with which a server asks as an account; or, of the operator, for nobody.

    :raises NameNeeded: if the account is a guest's.
    :raises TooManyKeys: if it has 20 that are good.
    """
    if account_id is not None:
        existing_account(account_id).must_have_name()
    made, secret = api_keys.make(
        account_id=account_id, name=name, scopes=scopes, expires_at=expires_at
    )
    return MadeKey(made.id, secret)


def revoke_key(*, key_id: UUID, owned_by: UUID | None = None) -> None:
    """Take a key back; it opens nothing after five seconds, anywhere.

    :raises NotFound: if there is no such key, or none of this owner.
    """
    api_keys.revoke(key_id, owned_by=owned_by)
