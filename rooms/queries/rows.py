"""What a row of the directory shows of a room."""

from collections.abc import Iterable

from rooms.domain.stage import Card
from rooms.domain.words import AudiencePolicy, RoomState, SpeakPolicy
from rooms.models import RoomRow
from rooms.rows import DESCRIPTION, away_from, pins_of, seats_of
from rooms.view import RoomView
from spaces_project.kernel.encryption import open_text
from spaces_project.kernel.keys.store import key_store


def views(found: Iterable[RoomRow]) -> list[RoomView]:
    """Return the views of list rows: who is on stage and how many are inside."""
    listed = list(found)
    key_store().prefetch(row.id for row in listed)
    return [view_of(row) for row in listed]


def view_of(row: RoomRow) -> RoomView:
    """Return the view of a row; who listens and waits stands in other rows."""
    card = Card(
        row.host_id,
        row.title,
        open_text(bytes(row.description), row.id, DESCRIPTION) or "",
        row.topic_ids,
        row.stage_size,
        row.created_at,
    )
    return RoomView(
        room_id=row.id,
        state=RoomState(row.state),
        card=card,
        creator_id=row.creator_id or row.host_id,
        audience_policy=AudiencePolicy(row.audience_policy),
        speak_policy=SpeakPolicy(row.speak_policy),
        seats=seats_of(row.seats),
        cohost_ids=row.cohost_ids,
        pins=pins_of(row.pins, row.id),
        followers_invited=row.followers_invited,
        updated_at=row.updated_at,
        started_at=row.started_at,
        ending_at=row.ending_at,
        ended_at=row.ended_at,
        seq=row.seq,
        away=away_from(row.seats),
        participant_count=row.participant_count,
    )
