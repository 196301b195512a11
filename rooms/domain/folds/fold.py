"""What a fold is, and what several of them do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from rooms.domain.stage_state import StageState
from rooms.domain.words import Role, RoomState, Seat

Fold = Callable[[StageState, Any], None]


def give_role(stage: StageState, account_id: UUID, role: Role) -> None:
    """Let somebody with a seat be something else from now on."""
    if seat := stage.seats.get(account_id):
        stage.seats[account_id] = Seat(role, seat.muted, seat.muted_by)


def set_muted(stage: StageState, account_id: UUID, *, muted: bool, by: UUID | None) -> None:
    """Close or open the microphone of a seat."""
    if seat := stage.seats.get(account_id):
        stage.seats[account_id] = Seat(seat.role, muted, by)


def leave_seat(stage: StageState, account_id: UUID) -> None:
    """Free a seat, and all that comes with it."""
    stage.seats.pop(account_id, None)
    stage.kept_until.pop(account_id, None)
    forget_cohost(stage, account_id)


def forget_cohost(stage: StageState, account_id: UUID) -> None:
    """Take somebody out of the line of succession."""
    if account_id in stage.cohost_ids:
        stage.cohost_ids.remove(account_id)


def come_in(stage: StageState, account_id: UUID, at: datetime) -> None:
    """Let somebody be inside."""
    stage.present[account_id] = at
    stage.empty_since = None


def go_out(stage: StageState, account_id: UUID, at: datetime) -> None:
    """Let somebody be inside no longer; a hand goes down with it."""
    stage.hands.pop(account_id, None)
    was_inside = stage.present.pop(account_id, None) is not None
    if was_inside and not stage.present and stage.state is RoomState.LIVE:
        stage.empty_since = at
