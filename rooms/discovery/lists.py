"""Lists of rooms, look-ups by up to 100 ids or people, and the search."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from accounts import queries as accounts
from rooms.discovery.visible import listed_for
from rooms.models import Listing, RoomRow
from spaces_project.kernel.words import prefixes_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is None is not asked. Everything asked must be so."""

    ids: Collection[UUID] | None = None
    creator_ids: Collection[UUID] | None = None
    host_id: UUID | None = None
    state: str | None = None
    followed: bool = False
    topic: str | None = None
    query: str | None = None

    @property
    def ordering(self) -> tuple[str]:
        """By what the rooms come: a search by its ranking, any other list the newest first."""
        return ("-room_id",) if self.query is None else ("-place",)


def find_rooms(wanted: Wanted, viewer_id: UUID) -> QuerySet[Listing]:
    """Return the rooms that a viewer may know of and looks for, in their order."""
    found = listed_for(viewer_id)
    if wanted.ids is not None:
        found = found.filter(room_id__in=wanted.ids)
    if wanted.creator_ids is not None:
        found = found.filter(creator_id__in=wanted.creator_ids)
    if wanted.host_id is not None:
        found = found.filter(host_id=wanted.host_id)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.followed:
        found = found.filter(host_id__in=accounts.followed_by(viewer_id).values("followee_id"))
    if wanted.topic is not None:
        found = found.filter(topic_ids__contains=[wanted.topic])
    if wanted.query is not None:
        found = _matching(found, wanted.query)
    return found.order_by(*wanted.ordering)


def rows_of(listed: Collection[Listing]) -> list[RoomRow]:
    """Return the rows of the directory in the same order; a room that is not there yet is not."""
    rows = RoomRow.objects.in_bulk([each.room_id for each in listed])
    return [rows[each.room_id] for each in listed if each.room_id in rows]


def _matching(found: QuerySet[Listing], question: str) -> QuerySet[Listing]:
    """Keep the rooms for each of whose words something in them, or their host, begins so."""
    prefixes = prefixes_of(question)
    if not prefixes:
        return found.none()
    for prefix in prefixes:
        in_room = Q(words=SearchQuery(prefix, search_type="raw", config="simple"))
        found = found.filter(in_room | Q(host_id__in=accounts.people_found_by(prefix)))
    return found
