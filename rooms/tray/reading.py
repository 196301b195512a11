"""What the tray's hub asks of the tables, on a thread, and the frames that it makes of it."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from accounts import queries as accounts
from rooms import queries
from rooms.discovery import DISCOVERY, inbox, trays
from spaces_project.kernel.clock import now
from spaces_project.kernel.database import rows
from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.kernel.ids import public
from spaces_project.kernel.sockets.frames import text_frame

READ_MODELS: Final = (*queries.READ_MODELS, DISCOVERY)
_ON_STAGE: Final = "SELECT account_id FROM rooms_on_stage WHERE room_id = ANY(%(rooms)s)"
_COUNTS: Final = "SELECT id, participant_count FROM rooms_room WHERE id = ANY(%(rooms)s)"


class Shown(msgspec.Struct, frozen=True):
    """What somebody is shown, encoded, and the rooms in it."""

    tray: bytes
    inbox: bytes
    rooms: frozenset[UUID]


def followees_at(account_id: UUID, position: int) -> list[UUID]:
    """Return whom somebody follows, as the tables know it at a position or later.

    :raises ProjectionBehind: if they do not come that far in two seconds.
    """
    wait_until_projected(READ_MODELS, position)
    return list(accounts.followed_by(account_id).values_list("followee_id", flat=True))


def people_on_stage(rooms: Collection[UUID], position: int) -> set[UUID]:
    """Return who is on the stages of some rooms, at a position or later.

    :raises ProjectionBehind: if the tables do not come that far in two seconds.
    """
    wait_until_projected(READ_MODELS, position)
    return {who for (who,) in rows(_ON_STAGE, {"rooms": list(rooms)})} if rooms else set()


def shown_to(viewer_ids: Collection[UUID]) -> dict[UUID, Shown]:
    """Return what viewers are shown, all in a few queries."""
    entries = trays.trays_of(viewer_ids)
    items = inbox.inboxes_of(viewer_ids, now())
    newest = {viewer_id: found[0] for viewer_id, found in items.items() if found}
    names = {
        **trays.names_in(entry for tray in entries.values() for entry in tray),
        **inbox.names_in(newest.values()),
    }
    found = {}
    for viewer_id in viewer_ids:
        tray, mine, first = entries[viewer_id], items[viewer_id], newest.get(viewer_id)
        found[viewer_id] = Shown(
            text_frame({"type": "tray", "entries": [trays.render_entry(e, names) for e in tray]}),
            text_frame(
                {
                    "type": "inbox",
                    "unread": inbox.unread_in(mine),
                    "newest": inbox.render_item(first, names) if first else None,
                }
            ),
            frozenset([e.room.room_id for e in tray] + [item.room.room_id for item in mine]),
        )
    return found


def counts_of(rooms: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many are inside rooms."""
    return dict(rows(_COUNTS, {"rooms": list(rooms)}))


def counts_frame(counts: dict[UUID, int]) -> bytes:
    """Return how many are inside rooms, as a frame."""
    told: dict[str, Any] = {public("room", room): count for room, count in counts.items()}
    return text_frame({"type": "counts", "counts": told})
