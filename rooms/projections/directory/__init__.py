"""The directory: every room and who takes part in it, for lists and single look-ups."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rooms.domain.events import (
    ParticipationEvent,
    RoomCreated,
    RoomEnded,
    RoomEvent,
    SpeakerPromoted,
)
from rooms.projections.directory.people import PARTICIPANT_CHANGES
from rooms.projections.directory.room import created
from rooms.projections.directory.rows import (
    ALL_GO_OUT,
    PARTICIPANTS,
    ROOMS,
    ParticipantCells,
    RoomCells,
)
from rooms.projections.directory.stage import ROOM_CHANGES
from rooms.rows import DIRECTORY
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.read_model import FoldReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.log.event_log import Recorded

__all__ = ["Directory"]


class Directory(FoldReadModel):
    """One row per room, one per person in it.

    Each event changes at most one row of each kind, whatever the room's size; only the end of a
    room changes all of its people, in one statement.
    """

    name = DIRECTORY
    folded = (ROOMS, PARTICIPANTS)
    listen_to = (RoomEvent, ParticipationEvent)

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the room, and the person in it if the event is about one."""
        yield ROOMS, recorded.room_id
        if isinstance(recorded.event, ParticipationEvent | SpeakerPromoted):
            yield PARTICIPANTS, (recorded.room_id, recorded.event.account_id)

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Change what one event changes."""
        room_id, seq, happened = recorded.room_id, recorded.seq, recorded.event
        assert room_id is not None
        assert seq is not None
        if isinstance(happened, RoomCreated):
            rows[ROOMS].add(room_id, created(room_id, happened))
        room = rows[ROOMS].change(room_id)
        if room is None:
            raise LookupError(f"there is no room {room_id}")
        if isinstance(happened, ParticipationEvent):
            _change_person(room, happened, seq, rows)
        else:
            _change_room(room, happened, rows)
        room.seq = seq


def _change_person(room: RoomCells, happened: ParticipationEvent, seq: int, rows: Rows) -> None:
    key = (room.id, happened.account_id)
    part = rows[PARTICIPANTS].change(key)
    if part is None:
        part = rows[PARTICIPANTS].add(key, ParticipantCells(*key))
    was_present = part.present
    PARTICIPANT_CHANGES[type(happened)](part, happened, seq)
    if part.present != was_present:
        room.participant_count += part.present - was_present
        _mark_seat(room, happened.account_id, away=not part.present)


def _change_room(room: RoomCells, happened: DomainEvent, rows: Rows) -> None:
    ROOM_CHANGES[type(happened)](room, happened)
    room.version = happened.originator_version
    if isinstance(happened, SpeakerPromoted):
        promoted = rows[PARTICIPANTS].change((room.id, happened.account_id))
        _mark_seat(room, happened.account_id, away=promoted is None or not promoted.present)
        if promoted is not None:
            promoted.lower_hand()
    if isinstance(happened, RoomEnded):
        for part in rows[PARTICIPANTS].change_group(room.id, elsewhere=ALL_GO_OUT):
            part.go_out()
            part.be_asked_no_more()


def _mark_seat(room: RoomCells, account_id: UUID, *, away: bool) -> None:
    if room.has_seat(account_id):
        room.seat_of(account_id).away = away
