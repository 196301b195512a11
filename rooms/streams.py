"""The stream of one person in one room."""

from uuid import UUID

from rooms.domain.participation import Participation
from spaces_project.kernel.encryption import pseudonym
from spaces_project.kernel.log.event_log import event_log


def participation_id(room_id: UUID, account_id: UUID) -> UUID:
    """Return the stream's id; only the holder of the room's key can tell whose it is."""
    return pseudonym(room_id, b"participation" + account_id.bytes)


def participation(room_id: UUID, account_id: UUID, *, version: int | None = None) -> Participation:
    """Return one person's part in a room, now or at a version; it may be empty."""
    stream = participation_id(room_id, account_id)
    return event_log().fill(Participation(stream, room_id, account_id), version=version)
