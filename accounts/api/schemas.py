"""What accounts look like over REST."""

from typing import Final

from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    identifier,
    list_of,
    maybe,
    named,
    page_of,
    thing,
    told,
)

ACCOUNT_ID: Final = identifier("acc")
HANDLE: Final[Schema] = told(
    TEXT, "Unique, chosen when one registered; of a guest, who has none, `guest-` and 16 digits."
)
TOKEN: Final[Schema] = told(TEXT, "A JWT for `Authorization: Bearer`, a secret.")

STANDING: Final = named(
    "Standing",
    thing({"follows": FLAG, "blocks": FLAG}, about="How who asks stands to the account."),
)
_ACCOUNT: Final[dict[str, Schema]] = {
    "id": ACCOUNT_ID,
    "handle": HANDLE,
    "name": TEXT,
    "bio": TEXT,
    "protected": told(FLAG, "Whether the person withdrew from the public, and so hosts no rooms."),
    "follower_count": COUNT,
    "following_count": COUNT,
    "viewer": STANDING,
}
ACCOUNT: Final = named("Account", thing(_ACCOUNT, about="Somebody, as who asks sees them."))
NEW_ACCOUNT: Final = named(
    "NewAccount",
    thing({**_ACCOUNT, "token": TOKEN, "expires_at": TIME}, about="A new account, signed in."),
)
SESSION: Final = named(
    "Session",
    thing({"token": TOKEN, "expires_at": TIME, "account": ACCOUNT}, about="Who is signed in."),
)
RELATION: Final = named(
    "Relation", thing({"id": ACCOUNT_ID, "viewer": STANDING}, about="How one stands to it now.")
)
_KEY: Final[dict[str, Schema]] = {
    "id": identifier("key"),
    "name": TEXT,
    "scopes": list_of(TEXT),
    "created_at": TIME,
    "expires_at": maybe(TIME),
    "last_used_at": told(maybe(TIME), "To ten minutes."),
}
KEY: Final = named("ApiKey", thing(_KEY, about="A key with which a server asks."))
NEW_KEY: Final = named(
    "NewApiKey", thing({**_KEY, "secret": TEXT}, about="A new key; its secret is shown only now.")
)
KEYS: Final = page_of("ApiKeyPage", KEY)
PEOPLE: Final = page_of(
    "PeoplePage",
    named("ListedPerson", thing({"account_id": ACCOUNT_ID, "name": TEXT, "handle": HANDLE})),
)
ACCOUNTS: Final = page_of("AccountPage", ACCOUNT)
