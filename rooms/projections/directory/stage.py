"""What each event changes among the seats of a room: who sits there, as what, heard or not."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from rooms.domain import events
from rooms.domain.room.hosting import HOST_DROPPED
from rooms.domain.words import Role
from rooms.projections.directory.room import LIFE_CHANGES
from rooms.projections.directory.rows import RoomCells, SeatCells

VacatingEvent = events.SpeakerDemoted | events.SpeakerSteppedDown | events.SeatLapsed


def _give_seat(room: RoomCells, happened: events.SpeakerPromoted) -> None:
    room.seats.append(SeatCells(happened.account_id, Role.SPEAKER))


def _take_seat(room: RoomCells, happened: VacatingEvent) -> None:
    room.seats.remove(room.seat_of(happened.account_id))
    _be_cohost_no_more(room, happened.account_id)


def _appoint(room: RoomCells, happened: events.CohostAppointed) -> None:
    room.seat_of(happened.account_id).role = Role.COHOST
    room.cohost_ids = [*room.cohost_ids, happened.account_id]


def _dismiss(room: RoomCells, happened: events.CohostDismissed) -> None:
    room.seat_of(happened.account_id).role = Role.SPEAKER
    _be_cohost_no_more(room, happened.account_id)


def _hand_over(room: RoomCells, happened: events.HostHandedOver) -> None:
    former = room.seat_of(happened.former_host_id)
    if happened.cause == HOST_DROPPED:
        room.seats.remove(former)
    else:
        former.role = Role.SPEAKER
    _be_cohost_no_more(room, happened.account_id)
    room.seat_of(happened.account_id).role = Role.HOST
    room.host_id = happened.account_id


def _be_cohost_no_more(room: RoomCells, account_id: UUID) -> None:
    room.cohost_ids = [cohost for cohost in room.cohost_ids if cohost != account_id]


def _mute(room: RoomCells, happened: events.SpeakerMuted) -> None:
    seat = room.seat_of(happened.account_id)
    seat.muted, seat.muted_by = True, happened.by


def _unmute(room: RoomCells, happened: events.SpeakerUnmuted) -> None:
    seat = room.seat_of(happened.account_id)
    seat.muted, seat.muted_by = False, None


def _mute_all(room: RoomCells, happened: events.AllMuted) -> None:
    for account_id in happened.account_ids:
        seat = room.seat_of(account_id)
        seat.muted, seat.muted_by = True, happened.by


ROOM_CHANGES: Final[dict[type, Callable[[RoomCells, Any], None]]] = {
    **LIFE_CHANGES,
    events.SpeakerPromoted: _give_seat,
    events.SpeakerDemoted: _take_seat,
    events.SpeakerSteppedDown: _take_seat,
    events.SeatLapsed: _take_seat,
    events.CohostAppointed: _appoint,
    events.CohostDismissed: _dismiss,
    events.HostHandedOver: _hand_over,
    events.SpeakerMuted: _mute,
    events.SpeakerUnmuted: _unmute,
    events.AllMuted: _mute_all,
}
