"""What clients are told of the tray's socket: every frame, either way."""

from typing import Final

from rooms.api.discovery_schemas import ENTRIES, ITEM, UNREAD
from rooms.api.frames import AUTH, SAID
from spaces_project.kernel.schemas import COUNT, maybe, thing, told
from spaces_project.kernel.sockets.channels_told import BEATS, Channel

TRAY_CHANNEL: Final = Channel(
    "tray",
    "/ws/v1/tray",
    "Whom you follow and who is on a stage now, and what you are invited to. Each frame says all: "
    "the newest of a type counts, and none is missed. After a reconnect both come again.",
    says={
        "tray": (
            "The whole tray, at first and each time that it changes.",
            thing({"type": {"const": "tray"}, "entries": ENTRIES}),
        ),
        "inbox": (
            "The open invitations: how many are unread, and the newest; at first and on a change.",
            thing({"type": {"const": "inbox"}, "unread": UNREAD, "newest": maybe(ITEM)}),
        ),
        "counts": (
            "How many are inside rooms of the tray or the inbox now. At most every 2 s.",
            thing(
                {
                    "type": {"const": "counts"},
                    "counts": told(
                        {"type": "object", "additionalProperties": COUNT}, "By the room's id."
                    ),
                }
            ),
        ),
        "error": SAID["error"],
        **BEATS,
    },
    hears={"auth": ("The first frame, within 5 s: who it is.", AUTH), **BEATS},
)
CHANNELS: Final = (TRAY_CHANNEL,)
