"""What each event changes on the stage: one function an event, by the part of the room."""

from typing import Final

from rooms.domain.folds.fold import Fold
from rooms.domain.folds.hosting import HOSTING
from rooms.domain.folds.invitations import INVITATIONS
from rooms.domain.folds.life import LIFE
from rooms.domain.folds.people import PEOPLE
from rooms.domain.folds.seats import SEATS
from spaces_project.kernel.entity import DomainEvent

FOLDS: Final[dict[type[DomainEvent], Fold]] = LIFE | HOSTING | SEATS | PEOPLE | INVITATIONS
