"""Who hosts, and who would follow."""

from typing import Final

import msgspec

from rooms.domain.events import CohostAppointed, CohostDismissed, HostHandedOver
from rooms.domain.folds.fold import Fold, forget_cohost, give_role, leave_seat
from rooms.domain.room.hosting import HOST_DROPPED
from rooms.domain.stage_state import StageState
from rooms.domain.words import Role
from spaces_project.kernel.entity import DomainEvent


def _appointed(stage: StageState, happened: CohostAppointed) -> None:
    give_role(stage, happened.account_id, Role.COHOST)
    stage.cohost_ids.append(happened.account_id)


def _dismissed(stage: StageState, happened: CohostDismissed) -> None:
    give_role(stage, happened.account_id, Role.SPEAKER)
    forget_cohost(stage, happened.account_id)


def _handed_over(stage: StageState, happened: HostHandedOver) -> None:
    if happened.cause == HOST_DROPPED:
        leave_seat(stage, happened.former_host_id)
    else:
        give_role(stage, happened.former_host_id, Role.SPEAKER)
    forget_cohost(stage, happened.account_id)
    give_role(stage, happened.account_id, Role.HOST)
    if stage.card:
        stage.card = msgspec.structs.replace(stage.card, host_id=happened.account_id)


HOSTING: Final[dict[type[DomainEvent], Fold]] = {
    CohostAppointed: _appointed,
    CohostDismissed: _dismissed,
    HostHandedOver: _handed_over,
}
