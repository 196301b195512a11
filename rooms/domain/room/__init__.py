"""The room: its life, its card, its door, its stage, its host and co-hosts, its pins."""

from uuid import UUID

from rooms.domain.room.card import Card
from rooms.domain.room.door import Door
from rooms.domain.room.hosting import Hosting
from rooms.domain.room.life import Life
from rooms.domain.room.pins import Pins
from rooms.domain.room.seats import Seats
from rooms.domain.words import LEADERS

__all__ = ["LEADERS", "Room"]


class Room(Life, Card, Door, Seats, Hosting, Pins):
    """One conversation, from the moment its host opens it until it ends.

    Whatever order commands arrive in:

    * there are never more people on stage than the seat policy allows, nor more co-hosts;
    * exactly one person hosts, with a seat, as long as the room is not over;
    * a seat is opened only by the one who sits there;
    * a ticketed room stays one;
    * a room that has ended records nothing more.

    Who is inside, whose hand is up and who is invited is told by each person's own
    :class:`~rooms.domain.participation.Participation`, so that joining never contends here.
    """

    TOPIC = "rooms.Room"

    @property
    def room_id(self) -> UUID:
        """A room's events are counted in its own sequence."""
        return self.id
