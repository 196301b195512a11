"""Who is inside a room, and who waits in line there."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import queries as accounts
from rooms.crowd import MOST_FOLLOWED
from rooms.models import ParticipantRow, RoomRow


def participants(room_id: UUID) -> QuerySet[ParticipantRow]:
    """Return who is inside, in the order of coming in."""
    inside = ParticipantRow.objects.filter(room_id=room_id, present=True)
    return inside.order_by("joined_at", "account_id")


def hands(room_id: UUID) -> QuerySet[ParticipantRow]:
    """Return who waits in line, first in first out."""
    waiting = ParticipantRow.objects.filter(room_id=room_id, present=True)
    return waiting.filter(hand_seq__isnull=False).order_by("hand_seq")


def removed(room_id: UUID) -> QuerySet[ParticipantRow]:
    """Return whom leaders put out of a room and nobody let back, the newest removal first."""
    put_out = ParticipantRow.objects.filter(room_id=room_id, removed=True)
    return put_out.order_by("-removed_at", "account_id")


def whoever_takes_part(room_id: UUID) -> QuerySet[ParticipantRow, UUID]:
    """Return the ids of all who are inside or have a seat, for another query to go by."""
    here = ParticipantRow.objects.filter(room_id=room_id)
    taking_part = here.filter(Q(present=True) | Q(seated=True))
    return taking_part.values_list("account_id", flat=True)


def place_of(row: ParticipantRow) -> int:
    """Return the place of somebody who waits, from 1."""
    return hands(row.room_id).filter(hand_seq__lte=row.hand_seq).count()


def listener_count(room_id: UUID) -> int:
    """Return how many listen, as the tables know it; it costs the same for any number."""
    row = RoomRow.objects.only("participant_count", "seats").filter(id=room_id).first()
    if row is None:
        return 0
    return row.participant_count - sum(not seat["away"] for seat in row.seats)


def names_of(rows: Iterable[ParticipantRow]) -> dict[UUID, accounts.Person]:
    """Return the names of the people in rows, in one query."""
    return accounts.people([row.account_id for row in rows])


def names_of_removed(rows: Iterable[ParticipantRow]) -> dict[UUID, accounts.Person]:
    """Return the names of the people in rows and of who put them out, in one query."""
    people = {account_id for row in rows for account_id in (row.account_id, row.removed_by)}
    return accounts.people([account_id for account_id in people if account_id is not None])


def followed_by(account_id: UUID) -> list[UUID]:
    """Return whom somebody follows, the newest following first, as far as crowds go by it."""
    newest = accounts.followed_by(account_id).values_list("followee_id", flat=True)
    return list(newest[:MOST_FOLLOWED])
