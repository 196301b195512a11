"""What the tray, the inbox and the way to hosting look like."""

from typing import Final

from rooms.api.schemas import (
    ACCOUNT_ID,
    AUDIENCE_POLICY,
    PERSON,
    PERSON_MEMBERS,
    ROOM_ID,
    STATE,
)
from rooms.domain.eligibility import TOLD
from rooms.domain.rollout import EVERYONE, LIST, PERCENTAGE
from rooms.domain.words import Role
from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    list_of,
    maybe,
    named,
    thing,
    told,
    word,
)

_CARD: Final[dict[str, Schema]] = {
    "id": ROOM_ID,
    "state": STATE,
    "title": TEXT,
    "host": PERSON,
    "host_id": ACCOUNT_ID,
    "participant_count": COUNT,
    "started_at": maybe(TIME),
    "audience_policy": AUDIENCE_POLICY,
    "topic_ids": list_of(TEXT),
    "is_ticketed": FLAG,
}
CARD: Final = named("RoomCard", thing(_CARD, about="A room in a few words."))
DOOR: Final = named(
    "Door",
    thing(
        {**_CARD, "on_stage": list_of(PERSON, "Host, co-hosts and speakers.")},
        about="What everybody may see of a live public room before coming in.",
    ),
)
ENTRY: Final = named(
    "TrayEntry",
    thing(
        {**PERSON_MEMBERS, "role": word(*Role), "room": CARD},
        about="Somebody whom you follow, on a stage that you may listen to.",
    ),
)
ENTRIES: Final = list_of(ENTRY, "Hosts first, then co-hosts, the newest rooms first; at most 100.")
TRAY: Final = named("Tray", thing({"results": ENTRIES}))
ITEM: Final = named(
    "InboxItem",
    thing(
        {
            "kind": word("speak", "room", "followers", about="To what you are invited."),
            "room": CARD,
            "by": PERSON,
            "at": TIME,
            "expires_at": told(maybe(TIME), "When the offer of a seat lapses."),
            "read": FLAG,
        },
        about="An invitation that you have not answered.",
    ),
)
UNREAD: Final = told(COUNT, "How many invitations are newer than what you have read.")
_PAGE: Final = told(maybe({"type": "string", "format": "uri"}), "That page's address, or null.")
INBOX: Final = named(
    "Inbox",
    thing({"next": _PAGE, "previous": _PAGE, "results": list_of(ITEM), "unread": UNREAD}),
)
INBOX_READ: Final = named("InboxRead", thing({"unread": UNREAD}))
HOSTING: Final = named(
    "Hosting",
    thing(
        {
            "may_host": FLAG,
            "detail": told(maybe(TEXT), "Each reason why not, in words that say what to do."),
            "reasons": list_of(word(*TOLD), "Why not; empty for who may host."),
            "followers": COUNT,
            "followers_needed": COUNT,
            "protected": FLAG,
            "test_group": told(FLAG, "Whether one is on the list of the test group."),
            "test_group_only": told(FLAG, "Whether only that list may host."),
            "rollout": word(LIST, PERCENTAGE, EVERYONE, about="To whom hosting is open."),
            "percentage": told(maybe(COUNT), "Of all people, with the rollout `percentage`."),
        },
        about="Whether one may open a room now, and the numbers that decide.",
    ),
)
