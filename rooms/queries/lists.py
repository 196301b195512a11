"""Lists of rooms, and rooms by who hosts or speaks there."""

from uuid import UUID

from rooms.domain.words import RoomState
from rooms.models import ParticipantRow, RoomRow


def open_rooms_hosted_by(host_id: UUID) -> list[UUID]:
    """Return the rooms of a host that are not over."""
    open_rooms = RoomRow.objects.filter(host_id=host_id).exclude(state=RoomState.ENDED)
    return list(open_rooms.values_list("id", flat=True))


def empty_rooms() -> list[tuple[UUID, int]]:
    """Return the live rooms in which nobody is, each with the seq at which that is known."""
    found = RoomRow.objects.filter(state=RoomState.LIVE, participant_count=0)
    return list(found.values_list("id", "seq"))


def live_rooms() -> list[UUID]:
    """Return every live room."""
    return list(RoomRow.objects.filter(state=RoomState.LIVE).values_list("id", flat=True))


def room_where_on_stage(account_id: UUID) -> UUID | None:
    """Return the newest live room in which somebody has a seat, as the tables know it."""
    seated = ParticipantRow.objects.filter(account_id=account_id, seated=True)
    live = RoomRow.objects.filter(state=RoomState.LIVE, id__in=seated.values("room_id"))
    return live.order_by("-id").values_list("id", flat=True).first()


def host_of(room_id: UUID) -> UUID | None:
    """Return who hosts a room, None if the tables know no such room."""
    return RoomRow.objects.filter(id=room_id).values_list("host_id", flat=True).first()
