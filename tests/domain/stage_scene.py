"""A room, one person's part in it, and the stage that follows both."""

from rooms.domain.stage import Stage
from tests.domain.scenes import ANA, BO, NOON, ROOM, bos_part, new_room


class Scene:
    """A room, Bo's part in it, and the stage that follows both."""

    def __init__(self) -> None:
        self.room, self.bo, self.stage = new_room(), bos_part(), Stage(ROOM)
        self.told()

    def told(self) -> Stage:
        for happened in [*self.room.collect_events(), *self.bo.collect_events()]:
            self.stage.apply(happened, self.stage.seq + 1)
        return self.stage

    def live(self) -> "Scene":
        self.room.start(ANA, NOON)
        self.told()
        return self

    def bo_on_stage(self) -> "Scene":
        self.live().bo.join(NOON)
        self.room.promote_speaker(BO, by=ANA, at=NOON)
        self.bo.take_seat(ANA, NOON)
        self.told()
        return self
