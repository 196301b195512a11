"""The directory: every room and who takes part in it, for lists and single look-ups."""

from typing import Any, Final
from uuid import UUID

from django.db.models import F

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
from rooms.domain.words import Role, RoomState, Seat
from rooms.models import ParticipantRow, RoomRow
from rooms.rows import DESCRIPTION, DIRECTORY, plain_seats, seats_of
from spaces_project.kernel.encryption import seal_text
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.log.event_log import Recorded

NO_HAND: Final = {"hand_raised_at": None, "hand_seq": None}
OUT: Final = {"present": False, "seated": False, **NO_HAND}


class Directory(ReadModel):
    """One row per room, one per person in it."""

    name = DIRECTORY
    tables = ("rooms_room", "rooms_participant")
    listen_to = (RoomEvent, ParticipationEvent)

    def apply(self, recorded: Recorded) -> None:
        """Write what one event changes."""
        room_id, seq, happened = recorded.room_id, recorded.seq, recorded.event
        assert room_id is not None
        assert seq is not None
        match happened:
            case RoomCreated():
                _create(room_id, happened)
            case RoomEvent():
                _change_room(room_id, happened)
            case ParticipationEvent():
                _change_participant(room_id, happened, seq)
        RoomRow.objects.filter(id=room_id).update(seq=seq)


def _create(room_id: UUID, happened: RoomCreated) -> None:
    RoomRow.objects.create(
        id=room_id,
        state=RoomState.SCHEDULED,
        host_id=happened.host_id,
        title=happened.title,
        description=seal_text(happened.description, room_id, DESCRIPTION),
        topic_ids=happened.topic_ids,
        audience_policy=happened.audience_policy,
        speak_policy=happened.speak_policy,
        stage_size=happened.seat_policy.stage_size,
        seats=plain_seats({happened.host_id: Seat(Role.HOST)}),
        created_at=happened.at,
        updated_at=happened.at,
        version=happened.originator_version,
        seq=0,
    )


def _change_room(room_id: UUID, happened: RoomEvent) -> None:
    room = RoomRow.objects.get(id=room_id)
    seats = seats_of(room.seats)
    match happened:
        case RoomStarted(at=at):
            room.state, room.started_at, room.updated_at = RoomState.LIVE, at, at
        case PoliciesChanged(audience_policy=audience, speak_policy=speak, at=at):
            room.audience_policy, room.speak_policy, room.updated_at = audience, speak, at
        case SpeakerPromoted(account_id=account_id):
            seats[account_id] = Seat(Role.SPEAKER)
        case SpeakerDemoted() | SpeakerSteppedDown():
            del seats[happened.account_id]
        case SpeakerMuted(account_id=account_id, by=by):
            seats[account_id] = Seat(seats[account_id].role, muted=True, muted_by=by)
        case SpeakerUnmuted(account_id=account_id):
            seats[account_id] = Seat(seats[account_id].role, muted=False)
        case RoomEnded(at=at):
            room.state, room.ended_at, room.updated_at = RoomState.ENDED, at, at
            seats.clear()
            room.participant_count = 0
            ParticipantRow.objects.filter(room_id=room_id).update(**OUT)
    room.seats = plain_seats(seats)
    room.version = happened.originator_version
    room.save()


def _change_participant(room_id: UUID, happened: ParticipationEvent, seq: int) -> None:
    account_id = happened.account_id
    row, _ = ParticipantRow.objects.get_or_create(room_id=room_id, account_id=account_id)
    change = _participant_change(happened, seq)
    ParticipantRow.objects.filter(room_id=room_id, account_id=account_id).update(**change)
    is_present = change.get("present", row.present)
    if is_present != row.present:
        RoomRow.objects.filter(id=room_id).update(
            participant_count=F("participant_count") + (1 if is_present else -1)
        )


def _participant_change(happened: ParticipationEvent, seq: int) -> dict[str, Any]:
    match happened:
        case Joined(at=at):
            return {"present": True, "joined_at": at}
        case Left():
            return dict(OUT)
        case HandRaised(at=at):
            return {"hand_raised_at": at, "hand_seq": seq}
        case HandLowered():
            return dict(NO_HAND)
        case Seated():
            return {"seated": True, **NO_HAND}
        case Unseated():
            return {"seated": False}
        case ParticipantRemoved():
            return {"removed": True, **OUT}
        case ParticipantBlocked():
            return {"blocked": True, **OUT}
        case ParticipantUnblocked():
            return {"blocked": False}
    return {}
