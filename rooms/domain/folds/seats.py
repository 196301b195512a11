"""Seats and microphones."""

from typing import Final

from rooms.domain.events import (
    AllMuted,
    SeatLapsed,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
)
from rooms.domain.folds.fold import Fold, leave_seat, set_muted
from rooms.domain.stage_state import StageState
from rooms.domain.words import Role, Seat
from spaces_project.kernel.entity import DomainEvent


def _promoted(stage: StageState, happened: SpeakerPromoted) -> None:
    stage.seats[happened.account_id] = Seat(Role.SPEAKER)
    stage.hands.pop(happened.account_id, None)


def _left_seat(
    stage: StageState, happened: SpeakerDemoted | SpeakerSteppedDown | SeatLapsed
) -> None:
    leave_seat(stage, happened.account_id)


def _muted(stage: StageState, happened: SpeakerMuted) -> None:
    set_muted(stage, happened.account_id, muted=True, by=happened.by)


def _all_muted(stage: StageState, happened: AllMuted) -> None:
    for account_id in happened.account_ids:
        set_muted(stage, account_id, muted=True, by=happened.by)


def _unmuted(stage: StageState, happened: SpeakerUnmuted) -> None:
    set_muted(stage, happened.account_id, muted=False, by=None)


SEATS: Final[dict[type[DomainEvent], Fold]] = {
    SpeakerPromoted: _promoted,
    SpeakerDemoted: _left_seat,
    SpeakerSteppedDown: _left_seat,
    SeatLapsed: _left_seat,
    SpeakerMuted: _muted,
    AllMuted: _all_muted,
    SpeakerUnmuted: _unmuted,
}
