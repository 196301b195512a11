"""Everything that may be asked of accounts."""

from accounts.commands.bulk import Imported, import_followers
from accounts.commands.keys import OPERATORS_SCOPES, OWN_SCOPES, MadeKey, make_key, revoke_key
from accounts.commands.people import change_profile, choose_name, register, register_guest
from accounts.commands.relations import block, follow, unblock, unfollow
from accounts.commands.signing_in import (
    SignedIn,
    begin_session,
    exchange_code,
    issue_sign_in_code,
    set_password,
    set_staff,
    sign_in,
)

__all__ = [
    "OPERATORS_SCOPES",
    "OWN_SCOPES",
    "Imported",
    "MadeKey",
    "SignedIn",
    "begin_session",
    "block",
    "change_profile",
    "choose_name",
    "exchange_code",
    "follow",
    "import_followers",
    "issue_sign_in_code",
    "make_key",
    "register",
    "register_guest",
    "revoke_key",
    "set_password",
    "set_staff",
    "sign_in",
    "unblock",
    "unfollow",
]
