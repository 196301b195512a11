"""A room in a few words, as tray and inbox show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from accounts import queries as accounts
from rooms.domain.words import AudiencePolicy
from rooms.snapshots import render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public

Names = Mapping[UUID, accounts.Person]


class RoomCard(msgspec.Struct, frozen=True):
    """What one has to know of a room to decide whether to go there."""

    room_id: UUID
    state: str
    title: str
    host_id: UUID
    audience_policy: str
    topic_ids: list[str]
    started_at: datetime | None
    participant_count: int


CARD: Final = """
l.room_id, l.state, l.title, l.host_id, l.audience_policy, l.topic_ids, l.started_at,
coalesce(r.participant_count, 0)
"""


def render_card(card: RoomCard, names: Mapping[UUID, accounts.Person]) -> dict[str, Any]:
    """Return a room as tray and inbox show it."""
    return {
        "id": public("room", card.room_id),
        "state": card.state,
        "title": card.title,
        "host": render_person(card.host_id, dict(names)),
        "host_id": public("acc", card.host_id),
        "participant_count": card.participant_count,
        "started_at": rfc3339(card.started_at) if card.started_at else None,
        "audience_policy": card.audience_policy,
        "topic_ids": card.topic_ids,
        "is_ticketed": card.audience_policy == AudiencePolicy.TICKET,
    }
