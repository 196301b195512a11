"""One person in one room: presence, hand, invitations, seat, removal."""

from rooms.domain.participation.hand import Hand
from rooms.domain.participation.invitations import Invitations
from rooms.domain.participation.presence import Presence
from rooms.domain.participation.putting_out import PuttingOut

__all__ = ["Participation"]


class Participation(Hand, Invitations, PuttingOut, Presence):
    """What one person does in one room, in a stream of its own.

    Whatever order commands arrive in:

    * nobody both sits on stage and waits with a raised hand;
    * nobody who was removed or blocked comes back, unless that is lifted;
    * whoever is away has no hand up, and a seat only while it is kept;
    * nobody sits on stage and is still invited to.
    """

    TOPIC = "rooms.Participation"
