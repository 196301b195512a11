"""Who may publish, and who may listen: asked of the log, by WebRTC and by HLS alike."""

from uuid import UUID

from media.domain.errors import MayNotListen, NoSoundYet, SeatNeeded
from media.rooms_here import RoomsHere
from media.sdp.offer import Kind
from media.stages import LIVE, FollowedStage, Stages, knows_of_the_room, may_publish


class Rights:
    """Rights as the log gives them, at the moment when somebody asks."""

    def __init__(self, stages: Stages, rooms: RoomsHere) -> None:
        self._stages = stages
        self._rooms = rooms

    async def must_be_allowed(self, room_id: UUID, account_id: UUID, kind: Kind) -> None:
        """Let somebody go on, and follow the room from now on.

        Whoever goes on enters the room before waiting for anything, or leaves it if it is empty.

        :raises SeatNeeded, MayNotListen, NoSoundYet: if the log does not allow it.
        :raises Refusal: that there is no such room, to whoever is not inside.
        """
        stage = await self._stages.follow(room_id)
        if not is_allowed(stage, account_id, kind):
            # The right may be in the log already, and only not here yet.
            stage = await self._stages.at_head(room_id)
        if is_allowed(stage, account_id, kind):
            self._stages.hold(room_id, stage)
            return
        self._rooms.leave_if_empty(room_id)
        if not knows_of_the_room(stage, account_id):
            await self._stages.deny()
        if kind is Kind.WHEP:
            raise MayNotListen
        raise SeatNeeded if stage.state == LIVE else NoSoundYet


def is_allowed(stage: FollowedStage, account_id: UUID, kind: Kind) -> bool:
    """Return whether a stage allows somebody to publish (WHIP), or to listen (WHEP)."""
    if kind is Kind.WHIP:
        return may_publish(stage, account_id)
    return stage.may_listen(account_id)
