"""The directory: every room and who takes part in it, for lists and single look-ups."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from rooms.domain.events import (
    HandLowered,
    HandRaised,
    Joined,
    Left,
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    ParticipationEvent,
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomEvent,
    RoomStarted,
    Seated,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
    Unseated,
)
from rooms.domain.words import Role, RoomState
from rooms.projections.directory_rows import (
    ALL_GO_OUT,
    PARTICIPANTS,
    ROOMS,
    ParticipantCells,
    RoomCells,
    SeatCells,
)
from rooms.rows import DESCRIPTION, DIRECTORY
from spaces_project.kernel.encryption import seal_text
from spaces_project.kernel.following.read_model import FoldReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.log.event_log import Recorded


class Directory(FoldReadModel):
    """One row per room, one per person in it."""

    name = DIRECTORY
    folded = (ROOMS, PARTICIPANTS)
    listen_to = (RoomEvent, ParticipationEvent)

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the room, and the person in it if the event is about one."""
        yield ROOMS, recorded.room_id
        if isinstance(recorded.event, ParticipationEvent):
            yield PARTICIPANTS, (recorded.room_id, recorded.event.account_id)

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Change what one event changes."""
        room_id, seq, happened = recorded.room_id, recorded.seq, recorded.event
        assert room_id is not None
        assert seq is not None
        if isinstance(happened, RoomCreated):
            rows[ROOMS].add(room_id, _created(room_id, happened))
        room = rows[ROOMS].change(room_id)
        if room is None:
            raise LookupError(f"there is no room {room_id}")
        if isinstance(happened, ParticipationEvent):
            key = (room_id, happened.account_id)
            part = rows[PARTICIPANTS].change(key)
            if part is None:
                part = rows[PARTICIPANTS].add(key, ParticipantCells(*key))
            was_present = part.present
            _PARTICIPANT_CHANGES[type(happened)](part, happened, seq)
            room.participant_count += part.present - was_present
        else:
            _ROOM_CHANGES[type(happened)](room, happened)
            room.version = happened.originator_version
        if isinstance(happened, RoomEnded):
            for part in rows[PARTICIPANTS].change_group(room_id, elsewhere=ALL_GO_OUT):
                part.go_out()
        room.seq = seq


def _created(room_id: UUID, happened: RoomCreated) -> RoomCells:
    sealed = seal_text(happened.description, room_id, DESCRIPTION)
    return RoomCells(
        id=room_id,
        state=RoomState.SCHEDULED,
        host_id=happened.host_id,
        title=happened.title,
        description=f"\\x{sealed.hex()}",
        topic_ids=happened.topic_ids,
        audience_policy=happened.audience_policy,
        speak_policy=happened.speak_policy,
        stage_size=happened.seat_policy.stage_size,
        seats=[SeatCells(happened.host_id, Role.HOST)],
        created_at=happened.at,
        updated_at=happened.at,
        version=happened.originator_version,
        seq=0,
    )


def _stay(_room: RoomCells, _happened: RoomCreated) -> None:
    """Change nothing: the new row says it all."""


def _start(room: RoomCells, happened: RoomStarted) -> None:
    room.state, room.started_at, room.updated_at = RoomState.LIVE, happened.at, happened.at


def _change_policies(room: RoomCells, happened: PoliciesChanged) -> None:
    room.audience_policy, room.speak_policy = happened.audience_policy, happened.speak_policy
    room.updated_at = happened.at


def _give_seat(room: RoomCells, happened: SpeakerPromoted) -> None:
    room.seats.append(SeatCells(happened.account_id, Role.SPEAKER))


def _take_seat(room: RoomCells, happened: SpeakerDemoted | SpeakerSteppedDown) -> None:
    room.seats.remove(room.seat_of(happened.account_id))


def _mute(room: RoomCells, happened: SpeakerMuted) -> None:
    seat = room.seat_of(happened.account_id)
    seat.muted, seat.muted_by = True, happened.by


def _unmute(room: RoomCells, happened: SpeakerUnmuted) -> None:
    seat = room.seat_of(happened.account_id)
    seat.muted, seat.muted_by = False, None


def _end(room: RoomCells, happened: RoomEnded) -> None:
    room.state, room.ended_at, room.updated_at = RoomState.ENDED, happened.at, happened.at
    room.seats = []
    room.participant_count = 0


def _join(part: ParticipantCells, happened: Joined, _seq: int) -> None:
    part.present, part.joined_at = True, happened.at


def _go_out(part: ParticipantCells, _happened: Left, _seq: int) -> None:
    part.go_out()


def _raise_hand(part: ParticipantCells, happened: HandRaised, seq: int) -> None:
    part.hand_raised_at, part.hand_seq = happened.at, seq


def _lower_hand(part: ParticipantCells, _happened: HandLowered, _seq: int) -> None:
    part.lower_hand()


def _sit_down(part: ParticipantCells, _happened: Seated, _seq: int) -> None:
    part.seated = True
    part.lower_hand()


def _stand_up(part: ParticipantCells, _happened: Unseated, _seq: int) -> None:
    part.seated = False


def _remove(part: ParticipantCells, _happened: ParticipantRemoved, _seq: int) -> None:
    part.removed = True
    part.go_out()


def _block(part: ParticipantCells, _happened: ParticipantBlocked, _seq: int) -> None:
    part.blocked = True
    part.go_out()


def _unblock(part: ParticipantCells, _happened: ParticipantUnblocked, _seq: int) -> None:
    part.blocked = False


_ROOM_CHANGES: Final[dict[type, Callable[[RoomCells, Any], None]]] = {
    RoomCreated: _stay,
    RoomStarted: _start,
    PoliciesChanged: _change_policies,
    SpeakerPromoted: _give_seat,
    SpeakerDemoted: _take_seat,
    SpeakerSteppedDown: _take_seat,
    SpeakerMuted: _mute,
    SpeakerUnmuted: _unmute,
    RoomEnded: _end,
}
_PARTICIPANT_CHANGES: Final[dict[type, Callable[[ParticipantCells, Any, int], None]]] = {
    Joined: _join,
    Left: _go_out,
    HandRaised: _raise_hand,
    HandLowered: _lower_hand,
    Seated: _sit_down,
    Unseated: _stand_up,
    ParticipantRemoved: _remove,
    ParticipantBlocked: _block,
    ParticipantUnblocked: _unblock,
}
