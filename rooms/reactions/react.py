"""Reacting: who is inside a live room may, five times in five seconds."""

from uuid import UUID

from rooms.commands.grounds import room_for
from rooms.domain.errors import NotInRoom
from rooms.domain.reactions import EMOJI, known_emoji
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState
from rooms.reactions.collecting import collector
from rooms.streams import participation
from spaces_project.kernel.limits.counting import Allowance, hit
from spaces_project.kernel.refusals import InvalidRequest


def react(
    *,
    room_id: UUID,
    account_id: UUID,
    emoji: str,
    wish: str | None = None,
    stage: Stage | None = None,
) -> Allowance | None:
    """Let everybody in the room see a reaction; what is repeated under a wish happens once.

    :param stage: the room as a fold knows it, which spares asking the log; None without one.
    :raises Refusal: if it is none of the emoji, one too many, or not from inside a live room.
    :return: what is left; None where the operator has lifted the limit.
    """
    chosen = known_emoji(emoji)
    if chosen is None:
        raise InvalidRequest(f"emoji must be one of {' '.join(EMOJI)}")
    if stage is None or not _takes_part(stage, account_id):
        _must_take_part(room_id, account_id)
    allowance = hit("reactions", account_id.hex, once=wish and f"{room_id} {wish}")
    if allowance is not None:
        allowance.must_be_granted()
    if allowance is None or not allowance.is_repetition:
        collector().add(room_id, chosen)
    return allowance


def _takes_part(stage: Stage, account_id: UUID) -> bool:
    return stage.state is RoomState.LIVE and account_id in stage.present


def _must_take_part(room_id: UUID, account_id: UUID) -> None:
    """Ask the log, which a fold may be a moment behind."""
    room_for(room_id, account_id).must_be_live()
    if not participation(room_id, account_id).present:
        raise NotInRoom
