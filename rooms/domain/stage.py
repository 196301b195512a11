"""The stage as the log tells it: one fold that gate, sockets, replay and snapshot share."""

from rooms.domain.folds import FOLDS
from rooms.domain.stage_state import Card, StageState
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.mapper import Unreadable

__all__ = ["Card", "Stage"]


class Stage(StageState, eq=False):
    """The state of one room, folded from its events.

    The fold knows no rules: what is in the log has happened. An event whose payload is gone
    changes nothing but the seq.
    """

    def apply(self, happened: DomainEvent, seq: int) -> None:
        """Fold one event.

        :raises ValueError: if it is not the next one of this room.
        """
        if seq != self.seq + 1:
            raise ValueError(f"room {self.room_id} is at seq {self.seq}, the event has {seq}")
        self.seq = seq
        if fold := FOLDS.get(type(happened)):
            fold(self, happened)
        elif isinstance(happened, Unreadable):
            self.is_whole = False
