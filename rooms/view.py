"""What is shown of a room, and how its viewer stands to it."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec

from rooms.domain.room import Room
from rooms.domain.stage import Card, Stage
from rooms.domain.words import AudiencePolicy, RoomState, Seat, SpeakPolicy

LISTENERS_SHOWN: Final = 50
HANDS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and how he or she stands to the room."""

    account_id: UUID
    present: bool = False
    hand_position: int | None = None  # in the line, from 1; None without a raised hand
    removed: bool = False
    blocked: bool = False
    follows_host: bool = False
    followed_by_host: bool = False


@dataclass(slots=True)
class RoomView:
    """Everything that is shown of a room; people in it only where they are known."""

    room_id: UUID
    state: RoomState
    card: Card
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy
    seats: dict[UUID, Seat]
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seq: int | None = None
    participant_count: int | None = None
    hands: dict[UUID, datetime] | None = None  # the first of the line
    hand_count: int = 0
    listeners: list[UUID] | None = field(default=None)

    @property
    def asks_who_follows(self) -> bool:
        """Whether a policy goes by who follows whom."""
        return (
            self.audience_policy is AudiencePolicy.FOLLOWERS
            or self.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        )

    @classmethod
    def of_stage(cls, stage: Stage) -> "RoomView":
        """Return the view of a folded room; a copy, as the fold goes on."""
        assert stage.card is not None
        assert stage.state is not None
        listeners = (account_id for account_id in stage.present if account_id not in stage.seats)
        return cls(
            stage.room_id,
            stage.state,
            stage.card,
            stage.audience_policy,
            stage.speak_policy,
            {account_id: msgspec.structs.replace(s) for account_id, s in stage.seats.items()},
            stage.updated_at or stage.card.created_at,
            stage.started_at,
            stage.ended_at,
            stage.seq,
            len(stage.present),
            dict(islice(stage.hands.items(), HANDS_SHOWN)),
            len(stage.hands),
            list(islice(listeners, LISTENERS_SHOWN)),
        )

    @classmethod
    def of_entity(cls, room: Room, seq: int | None) -> "RoomView":
        """Return the view of a room as a command left it; who is inside is not its business."""
        assert room.state is not None
        card = Card(
            room.host_id,
            room.title,
            room.description,
            room.topic_ids,
            room.seat_policy.stage_size,
            room.created_at,
        )
        return cls(
            room.id,
            room.state,
            card,
            room.audience_policy,
            room.speak_policy,
            room.seats,
            room.updated_at,
            room.started_at,
            room.ended_at,
            seq,
        )
