"""Who is inside, whose hand is up, who was put out."""

from typing import Final

from rooms.domain.events import (
    Dropped,
    HandLowered,
    HandRaised,
    Joined,
    Left,
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    RemovalLifted,
    Returned,
    Seated,
)
from rooms.domain.folds.fold import Fold, come_in, go_out
from rooms.domain.rests import rests_until
from rooms.domain.stage_state import StageState
from spaces_project.kernel.entity import DomainEvent


def _joined(stage: StageState, happened: Joined) -> None:
    come_in(stage, happened.account_id, happened.at)


def _returned(stage: StageState, happened: Returned) -> None:
    stage.kept_until.pop(happened.account_id, None)
    come_in(stage, happened.account_id, happened.at)


def _left(stage: StageState, happened: Left) -> None:
    if happened.account_id in stage.hands:
        stage.may_ask_from[happened.account_id] = rests_until(happened)
    go_out(stage, happened.account_id, happened.at)


def _dropped(stage: StageState, happened: Dropped) -> None:
    if happened.account_id in stage.seats:
        stage.kept_until[happened.account_id] = happened.seat_kept_until
    go_out(stage, happened.account_id, happened.at)


def _hand_raised(stage: StageState, happened: HandRaised) -> None:
    stage.hands[happened.account_id] = happened.at


def _hand_lowered(stage: StageState, happened: HandLowered) -> None:
    stage.hands.pop(happened.account_id, None)
    stage.may_ask_from[happened.account_id] = rests_until(happened)


def _seated(stage: StageState, happened: Seated) -> None:
    stage.hands.pop(happened.account_id, None)


def _removed(stage: StageState, happened: ParticipantRemoved) -> None:
    stage.removed.add(happened.account_id)
    go_out(stage, happened.account_id, happened.at)


def _removal_lifted(stage: StageState, happened: RemovalLifted) -> None:
    stage.removed.discard(happened.account_id)


def _blocked(stage: StageState, happened: ParticipantBlocked) -> None:
    stage.blocked.add(happened.account_id)
    go_out(stage, happened.account_id, happened.at)


def _unblocked(stage: StageState, happened: ParticipantUnblocked) -> None:
    stage.blocked.discard(happened.account_id)


PEOPLE: Final[dict[type[DomainEvent], Fold]] = {
    Joined: _joined,
    Returned: _returned,
    Left: _left,
    Dropped: _dropped,
    HandRaised: _hand_raised,
    HandLowered: _hand_lowered,
    Seated: _seated,
    ParticipantRemoved: _removed,
    RemovalLifted: _removal_lifted,
    ParticipantBlocked: _blocked,
    ParticipantUnblocked: _unblocked,
}
