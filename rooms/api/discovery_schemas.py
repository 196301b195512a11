"""What the tray, the inbox and the way to hosting look like."""

from typing import Final

from rooms.domain.eligibility import TOLD
from rooms.domain.rollout import EVERYONE, LIST, PERCENTAGE
from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    list_of,
    maybe,
    named,
    thing,
    told,
    word,
)

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
