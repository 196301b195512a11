"""Which rooms a viewer may know of: the same rule in every list, look-up and search.

* A room of somebody who has blocked the viewer is not there.
* A private room (``invited``) is there for its host, who opened it, who is invited, on stage or
  inside; when it is over, for who was inside.
* A room for followers, and one with tickets, is there for all, and says so: how else would one
  learn what to follow, or to buy?
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import queries as accounts
from rooms.domain.words import AudiencePolicy, RoomState
from rooms.models import Invitation, Listing, OnStage, ParticipantRow


def listed_for(viewer_id: UUID) -> QuerySet[Listing]:
    """Return the rooms that a viewer may know of."""
    here = {"room_id": OuterRef("room_id"), "account_id": viewer_id}
    own = Q(host_id=viewer_id) | Q(creator_id=viewer_id)
    inside = ParticipantRow.objects.filter(**here, present=True)
    was_inside = ParticipantRow.objects.filter(**here, joined_at__isnull=False)
    let_in = (
        Exists(Invitation.objects.filter(**here))
        | Exists(OnStage.objects.filter(**here))
        | Exists(inside)
        | (Q(state=RoomState.ENDED) & Exists(was_inside))
    )
    open_to_see = ~Q(audience_policy=AudiencePolicy.INVITED)
    known = Listing.objects.exclude(host_id__in=accounts.blockers_of(viewer_id))
    return known.filter(open_to_see | own | let_in)
