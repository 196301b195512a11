"""The trays of viewers: whom they follow and who hosts or speaks where they may go now."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from accounts import queries as accounts
from rooms.discovery.cards import CARD, Names, RoomCard, render_card
from rooms.domain.words import Role
from rooms.snapshots import render_person
from spaces_project.kernel.database import rows

MOST: Final = 100  # entries of one tray
RANKS: Final = {Role.HOST: 0, Role.COHOST: 1, Role.SPEAKER: 2}
# Who may come in is the rule of rooms/domain/admission.py, said to the database. Whom the viewer
# has blocked has no entry; nor has a room whose host has blocked the viewer.
_TRAYS: Final = f"""
SELECT f.follower_id, s.account_id, s.role, {CARD}
FROM accounts_follow f
JOIN rooms_on_stage s ON s.account_id = f.followee_id
JOIN rooms_listing l ON l.room_id = s.room_id AND l.state = 'live'
LEFT JOIN rooms_room r ON r.id = l.room_id
LEFT JOIN rooms_participant p ON p.room_id = l.room_id AND p.account_id = f.follower_id
WHERE f.follower_id = ANY(%(viewers)s)
AND NOT coalesce(p.removed OR p.blocked, false)
AND NOT EXISTS (SELECT FROM accounts_block b
                WHERE b.blocker_id = l.host_id AND b.blocked_id = f.follower_id)
AND NOT EXISTS (SELECT FROM accounts_block b
                WHERE b.blocker_id = f.follower_id AND b.blocked_id = s.account_id)
AND (l.audience_policy = 'public'
  OR coalesce(p.present, false)
  OR (l.audience_policy = 'followers' AND EXISTS (
        SELECT FROM accounts_follow h
        WHERE h.follower_id = f.follower_id AND h.followee_id = l.host_id))
  OR EXISTS (SELECT FROM rooms_invitation i
             WHERE i.room_id = l.room_id AND i.account_id = f.follower_id
             AND (i.kind <> 'room' OR l.audience_policy <> 'ticket'))
  OR EXISTS (SELECT FROM rooms_on_stage o
             WHERE o.room_id = l.room_id AND o.account_id = f.follower_id))
"""  # noqa: S608 - our own words only


class Entry(msgspec.Struct, frozen=True):
    """Somebody whom the viewer follows, on a stage that the viewer may listen to."""

    account_id: UUID
    role: str
    room: RoomCard


def trays_of(viewer_ids: Collection[UUID]) -> dict[UUID, list[Entry]]:
    """Return the trays of viewers, in one query: hosts first, the newest rooms first.

    Who sits on several stages has one entry, the first of these.
    """
    found: dict[UUID, list[Entry]] = {viewer_id: [] for viewer_id in viewer_ids}
    for viewer_id, account_id, role, *card in rows(_TRAYS, {"viewers": list(viewer_ids)}):
        found[viewer_id].append(Entry(account_id, role, RoomCard(*card)))
    return {viewer_id: _one_for_each(entries) for viewer_id, entries in found.items()}


def names_in(entries: Iterable[Entry]) -> Names:
    """Return the names of everybody whom entries name, in one look-up."""
    return accounts.people(who for each in entries for who in (each.account_id, each.room.host_id))


def render_entry(entry: Entry, names: Names) -> dict[str, Any]:
    """Return an entry as clients see it."""
    person = render_person(entry.account_id, dict(names))
    return {**person, "role": entry.role, "room": render_card(entry.room, names)}


def _one_for_each(entries: list[Entry]) -> list[Entry]:
    first: dict[UUID, Entry] = {}
    for entry in sorted(entries, key=_place):
        first.setdefault(entry.account_id, entry)
    return list(first.values())[:MOST]


def _place(entry: Entry) -> tuple[int, float, int, int]:
    started_at = entry.room.started_at
    newest_first = -started_at.timestamp() if started_at else 0.0
    return (
        RANKS[Role(entry.role)],
        newest_first,
        -entry.room.room_id.int,
        -entry.account_id.int,
    )
