"""Who may come in: one rule, which the room, the stage and the views share."""

from enum import Flag, auto

from rooms.domain.errors import FollowersOnly, InvitedOnly, TicketsOnly
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.refusals import Refusal


class Pass(Flag):
    """What lets somebody in whom the policy alone would not: several at once are possible."""

    NONE = 0
    INSIDE = auto()  # came in before the policy narrowed, and may stay
    INVITED = auto()
    GUEST = auto()  # is on the guest list, for instance with a ticket
    INVITED_TO_SPEAK = auto()


def refusal_to_admit(
    policy: AudiencePolicy, *, follows_host: bool, shown: Pass = Pass.NONE
) -> Refusal | None:
    """Return why somebody may not come into a live room; None if he or she may.

    Whoever was put out is refused elsewhere, whatever he or she shows.
    """
    if shown & (Pass.INSIDE | Pass.INVITED_TO_SPEAK | Pass.GUEST):
        return None
    invited = bool(shown & Pass.INVITED)
    match policy:
        case AudiencePolicy.PUBLIC:
            return None
        case AudiencePolicy.FOLLOWERS:
            return None if follows_host or invited else FollowersOnly()
        case AudiencePolicy.INVITED:
            return None if invited else InvitedOnly()
        case AudiencePolicy.TICKET:
            return TicketsOnly()
