"""What clients are told of the addresses of accounts."""

from typing import Final

from accounts.api.keys import NewKey
from accounts.api.schemas import (
    ACCOUNT,
    ACCOUNTS,
    HANDLE,
    KEYS,
    NEW_ACCOUNT,
    NEW_KEY,
    PEOPLE,
    RELATION,
    SESSION,
)
from accounts.api.serializers import ProfileChange, Proof, Registration
from accounts.domain.errors import NamedAlready, NoGuests, TooManyKeys
from spaces_project.kernel.refusals import Kind
from spaces_project.kernel.web.operations import PAGED, Operation, Operations, Parameter

ANA: Final = {"handle": "ana", "password": "a long made up sentence"}

OPERATIONS: Final[Operations] = {
    "POST accounts": Operation(
        "register_account",
        NEW_ACCOUNT,
        status=201,
        body=Registration,
        sent={**ANA, "name": "Ana Ferreira"},
        headers=("Location",),
        open=True,
        problems=(Kind.FORBIDDEN, Kind.CONFLICT),
    ),
    "POST accounts/guests": Operation(
        "register_guest",
        NEW_ACCOUNT,
        status=201,
        headers=("Location",),
        open=True,
        refusals=(NoGuests,),
        problems=(Kind.FORBIDDEN, Kind.TOO_MANY),
        about="Listen without a name, until `choose_name`. An `Idempotency-Key` opens the guest's "
        "account again, so it must be random, of 22 characters or more.",
    ),
    "PUT accounts/me/name": Operation(
        "choose_name",
        NEW_ACCOUNT,
        body=Registration,
        sent={**ANA, "name": "Ana Ferreira"},
        problems=(Kind.CONFLICT,),
        refusals=(NamedAlready,),
        about="A guest becomes a person like all others, with the same account.",
    ),
    "GET accounts": Operation(
        "find_accounts", ACCOUNTS, query={"handle": Parameter(HANDLE, "Whose.", required=True)}
    ),
    "POST tokens": Operation(
        "create_token",
        SESSION,
        body=Proof,
        sent=ANA,
        open=True,
        command=False,
        problems=(Kind.FORBIDDEN, Kind.TOO_MANY),
        about="Send handle and password, or a one-time code.",
    ),
    "DELETE tokens/current": Operation(
        "revoke_token",
        None,
        status=204,
        command=False,
        about="Sign out: within five seconds the token opens nothing, and its sockets are closed.",
    ),
    "GET accounts/me/api-keys": Operation("list_api_keys", KEYS, query=PAGED),
    "POST accounts/me/api-keys": Operation(
        "create_api_key",
        NEW_KEY,
        status=201,
        body=NewKey,
        sent={"name": "our bot", "scopes": ["rooms:read", "webhooks"]},
        headers=("Location",),
        command=False,
        refusals=(TooManyKeys,),
        about="The secret is shown in this answer only. No key can make keys.",
    ),
    "DELETE accounts/me/api-keys/{key_id}": Operation(
        "revoke_api_key", None, status=204, command=False
    ),
    "GET accounts/me": Operation("show_me", ACCOUNT, headers=("ETag",)),
    "PATCH accounts/me": Operation("change_me", ACCOUNT, body=ProfileChange, sent={"bio": "Tea."}),
    "GET accounts/{account}": Operation("show_account", ACCOUNT, headers=("ETag",)),
    "GET accounts/me/following": Operation("list_following", PEOPLE, query=dict(PAGED)),
    "GET accounts/me/blocked": Operation("list_blocked", PEOPLE, query=dict(PAGED)),
    "PUT accounts/me/following/{account}": Operation("follow_account", RELATION),
    "DELETE accounts/me/following/{account}": Operation("unfollow_account", RELATION),
    "PUT accounts/me/blocked/{account}": Operation("block_account", RELATION),
    "DELETE accounts/me/blocked/{account}": Operation("unblock_account", RELATION),
}
