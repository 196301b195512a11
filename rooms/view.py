"""What is shown of a room, and how its viewer stands to it."""

from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import islice
from typing import Final
from uuid import UUID

from rooms.domain.admission import Pass
from rooms.domain.room import Room
from rooms.domain.stage import Card, Stage
from rooms.domain.words import (
    AudiencePolicy,
    Pin,
    RoomState,
    Seat,
    SpeakInvitation,
    SpeakPolicy,
)

LISTENERS_SHOWN: Final = 50
HANDS_SHOWN: Final = 50
INVITED_SHOWN: Final = 100
ASKED_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and how he or she stands to the room.

    :param hand_position: in the line, from 1; None without a raised hand.
    :param blocked_by_host: for whom there is no such room.
    :param blocked_on_stage: whom of those on stage the viewer has blocked.
    """

    account_id: UUID
    present: bool = False
    hand_position: int | None = None
    removed: bool = False
    blocked: bool = False
    follows_host: bool = False
    followed_by_host: bool = False
    hand_raised_at: datetime | None = None
    may_ask_from: datetime | None = None
    invited: bool = False
    guest: bool = False
    speak_invitation: SpeakInvitation | None = None
    blocked_by_host: bool = False
    blocked_on_stage: tuple[UUID, ...] = ()

    @property
    def shown(self) -> Pass:
        """What the viewer can show at the door; an invitation counts until it is told as over."""
        shown = Pass.INVITED if self.invited else Pass.NONE
        if self.guest:
            shown |= Pass.GUEST
        if self.speak_invitation is not None:
            shown |= Pass.INVITED_TO_SPEAK
        return shown

    @classmethod
    def of_stage(cls, stage: Stage, account_id: UUID) -> "Viewer":
        """Return how somebody stands to a folded room; whom one follows is not known there."""
        hand_raised_at = stage.hands.get(account_id)
        return cls(
            account_id,
            present=account_id in stage.present,
            hand_position=place_in_line(stage, account_id),
            removed=account_id in stage.removed,
            blocked=account_id in stage.blocked,
            hand_raised_at=hand_raised_at,
            may_ask_from=stage.may_ask_from.get(account_id),
            invited=account_id in stage.invited,
            guest=account_id in stage.guests,
            speak_invitation=stage.speak_invitations.get(account_id),
        )


@dataclass(slots=True, kw_only=True)
class RoomView:
    """Everything that is shown of a room; people in it only where they are known.

    :param away: who of those on stage is not there; None if that is not known.
    :param hands: the first of the line.
    :param invited: some of those who may come in by invitation; for leaders.
    :param speak_invitations: who is asked onto the stage just now; for leaders.
    """

    room_id: UUID
    state: RoomState
    card: Card
    creator_id: UUID
    audience_policy: AudiencePolicy
    speak_policy: SpeakPolicy
    seats: dict[UUID, Seat]
    cohost_ids: list[UUID]
    pins: dict[UUID, Pin]
    followers_invited: bool
    updated_at: datetime
    started_at: datetime | None
    ending_at: datetime | None
    ended_at: datetime | None
    seq: int | None = None
    away: frozenset[UUID] | None = None
    participant_count: int | None = None
    hands: dict[UUID, datetime] | None = None
    hand_count: int = 0
    listeners: list[UUID] | None = None
    invited: list[UUID] | None = None
    speak_invitations: dict[UUID, SpeakInvitation] | None = None

    @property
    def asks_who_follows(self) -> bool:
        """Whether a policy goes by who follows whom."""
        return (
            self.audience_policy is AudiencePolicy.FOLLOWERS
            or self.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        )

    @classmethod
    def of_stage(cls, stage: Stage, viewer_id: UUID | None = None) -> "RoomView":
        """Return the view of a folded room; a copy, as the fold goes on.

        :param viewer_id: who looks; only leaders are told who is invited.
        """
        assert stage.card is not None
        assert stage.state is not None
        listeners = (account_id for account_id in stage.present if account_id not in stage.seats)
        leads = viewer_id is not None and stage.leads(viewer_id)
        return cls(
            room_id=stage.room_id,
            state=stage.state,
            card=stage.card,
            creator_id=stage.creator_id or stage.card.host_id,
            audience_policy=stage.audience_policy,
            speak_policy=stage.speak_policy,
            seats=dict(stage.seats),
            cohost_ids=list(stage.cohost_ids),
            pins=dict(stage.pins),
            followers_invited=stage.followers_invited,
            updated_at=stage.updated_at or stage.card.created_at,
            started_at=stage.started_at,
            ending_at=stage.ending_at,
            ended_at=stage.ended_at,
            seq=stage.seq,
            away=frozenset(filter(stage.is_away, stage.seats)),
            participant_count=len(stage.present),
            hands=dict(islice(stage.hands.items(), HANDS_SHOWN)),
            hand_count=len(stage.hands),
            listeners=list(islice(listeners, LISTENERS_SHOWN)),
            invited=nsmallest(INVITED_SHOWN, stage.invited) if leads else [],
            speak_invitations=_soonest_first(stage.speak_invitations),
        )

    @classmethod
    def of_entity(cls, room: Room, seq: int | None) -> "RoomView":
        """Return the view of a room as a command left it; who is inside is not its business."""
        assert room.state is not None
        return cls(
            room_id=room.id,
            state=room.state,
            card=Card(
                room.host_id,
                room.title,
                room.description,
                room.topic_ids,
                room.seat_policy.stage_size,
                room.created_at,
            ),
            creator_id=room.creator_id,
            audience_policy=room.audience_policy,
            speak_policy=room.speak_policy,
            seats=room.seats,
            cohost_ids=room.cohosts,
            pins=room.pins,
            followers_invited=room.followers_invited,
            updated_at=room.updated_at,
            started_at=room.started_at,
            ending_at=room.ending_at,
            ended_at=room.ended_at,
            seq=seq,
        )


def place_in_line(stage: Stage, account_id: UUID) -> int | None:
    """Return somebody's place among the raised hands, from 1; None without one."""
    if account_id not in stage.hands:
        return None
    return list(stage.hands).index(account_id) + 1


def _soonest_first(asked: dict[UUID, SpeakInvitation]) -> dict[UUID, SpeakInvitation]:
    ordered = nsmallest(ASKED_SHOWN, asked, key=lambda who: (asked[who].expires_at, who))
    return {account_id: asked[account_id] for account_id in ordered}
