"""The inbox: open invitations to a room, onto a stage, and to all followers of a host."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models.functions import Greatest

from accounts import queries as accounts
from rooms.discovery.cards import CARD, Names, RoomCard, render_card
from rooms.models import InboxRead
from rooms.snapshots import render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.database import rows
from spaces_project.kernel.signals import publish

READ: Final = "inbox.read"  # the signal: it changes what the person is shown, and is no event
MOST: Final = 500  # open invitations of one person that are looked at, the newest
RANKS: Final = {"speak": 0, "room": 1, "followers": 2}
# Everything is asked for when it is read: who has unfollowed since is invited no more. Who is
# inside has come already, which does not answer the offer of a seat.
_INBOX: Final = f"""
WITH mine AS (
  SELECT i.account_id, i.kind, i.room_id, i.invited_by AS by, i.at, i.expires_at
  FROM rooms_invitation i
  WHERE i.account_id = ANY(%(viewers)s) AND i.kind <> 'guest'
  AND (i.expires_at IS NULL OR i.expires_at > %(now)s)
  UNION ALL
  SELECT f.follower_id, 'followers', l.room_id, l.followers_invited_by, l.followers_invited_at, NULL
  FROM accounts_follow f JOIN rooms_listing l ON l.followers_invited_by = f.followee_id
  WHERE f.follower_id = ANY(%(viewers)s) AND l.audience_policy <> 'invited'
)
SELECT m.account_id, m.kind, m.by, m.at, m.expires_at, {CARD}
FROM mine m
JOIN rooms_listing l ON l.room_id = m.room_id AND l.state <> 'ended'
LEFT JOIN rooms_room r ON r.id = m.room_id
LEFT JOIN rooms_participant p ON p.room_id = m.room_id AND p.account_id = m.account_id
WHERE NOT coalesce(p.removed OR p.blocked, false)
AND l.host_id <> m.account_id
AND (m.kind = 'speak' OR NOT coalesce(p.present, false))
AND NOT EXISTS (SELECT FROM accounts_block b
                WHERE b.blocker_id = l.host_id AND b.blocked_id = m.account_id)
AND NOT EXISTS (SELECT FROM accounts_block b
                WHERE b.blocker_id = m.account_id AND b.blocked_id = m.by)
"""  # noqa: S608 - our own words only


class Item(msgspec.Struct, frozen=True):
    """An open invitation."""

    kind: str
    by: UUID | None
    at: datetime
    expires_at: datetime | None
    room: RoomCard
    is_read: bool

    @property
    def key(self) -> tuple[str, str]:
        """What orders it among others: newer is greater."""
        return rfc3339(self.at), str(self.room.room_id)


def inboxes_of(viewer_ids: Collection[UUID], now: datetime) -> dict[UUID, list[Item]]:
    """Return the open invitations of people, the newest first; one a room, the strongest."""
    read = dict(
        InboxRead.objects.filter(account_id__in=viewer_ids).values_list("account_id", "read_until")
    )
    best: dict[UUID, dict[UUID, Item]] = {viewer_id: {} for viewer_id in viewer_ids}
    for viewer_id, kind, by, at, expires_at, *card in rows(
        _INBOX, {"viewers": list(viewer_ids), "now": now}
    ):
        until = read.get(viewer_id)
        item = Item(
            kind, by, at, expires_at, RoomCard(*card), is_read=until is not None and at <= until
        )
        other = best[viewer_id].get(item.room.room_id)
        if other is None or RANKS[item.kind] < RANKS[other.kind]:
            best[viewer_id][item.room.room_id] = item
    return {
        viewer_id: sorted(items.values(), key=lambda item: item.key, reverse=True)[:MOST]
        for viewer_id, items in best.items()
    }


def unread_in(items: Collection[Item]) -> int:
    """Return how many have not been read."""
    return sum(not item.is_read for item in items)


def mark_read(account_id: UUID, until: datetime) -> None:
    """Take note that somebody has read all up to a time, and say so; it never goes back."""
    row, is_new = InboxRead.objects.get_or_create(
        account_id=account_id, defaults={"read_until": until}
    )
    if not is_new and row.read_until < until:
        later = Greatest("read_until", until)
        InboxRead.objects.filter(account_id=account_id).update(read_until=later)
    elif not is_new:
        return
    publish(READ, {"account_id": account_id.hex})


def names_in(items: Iterable[Item]) -> Names:
    """Return the names of everybody whom items name, in one look-up."""
    return accounts.people(
        who for item in items for who in (item.by, item.room.host_id) if who is not None
    )


def render_item(item: Item, names: Names) -> dict[str, Any]:
    """Return an open invitation as clients see it."""
    return {
        "kind": item.kind,
        "room": render_card(item.room, names),
        "by": render_person(item.by or item.room.host_id, dict(names)),
        "at": rfc3339(item.at),
        "expires_at": rfc3339(item.expires_at) if item.expires_at else None,
        "read": item.is_read,
    }
