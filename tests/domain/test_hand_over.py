"""Somebody else hosts: by the host's wish, or because the host does not come back."""

import pytest

from rooms.domain.errors import AlreadyHost, HostOnly, HostStays, NotCohost, NotOnStage
from rooms.domain.events import HostHandedOver
from rooms.domain.room import Room
from rooms.domain.words import Role, SeatPolicy
from tests.domain.scenes import ANA, BO, CY, NOON, events, live_room, person, refused


def room_of(*cohosts: object, most_cohosts: int = 2) -> Room:
    """Return a room where Bo and Cy speak, some of them as co-hosts, nothing of it pending."""
    room = live_room(seat_policy=SeatPolicy(stage_size=5, most_cohosts=most_cohosts))
    for who in (BO, CY):
        room.promote_speaker(who, by=ANA, at=NOON)
    for cohost in cohosts:
        room.appoint_cohost(cohost, by=ANA, at=NOON)  # type: ignore[arg-type]
    room.collect_events()
    return room


def roles(room: Room) -> dict[object, Role]:
    return {who: seat.role for who, seat in room.seats.items()}


def test_after_a_hand_over_the_former_host_is_a_cohost() -> None:
    room = room_of()
    room.hand_over(BO, by=ANA, at=NOON)
    told = room.pending_events[0]

    assert events(room) == ["HostHandedOver", "CohostAppointed"]
    assert isinstance(told, HostHandedOver)
    assert (told.account_id, told.former_host_id, told.cause) == (BO, ANA, "handed_over")
    assert (room.host_id, room.creator_id) == (BO, ANA)
    assert roles(room) == {ANA: Role.COHOST, BO: Role.HOST, CY: Role.SPEAKER}
    assert room.cohosts == [ANA]


def test_without_a_free_place_the_former_host_is_a_speaker() -> None:
    room = room_of(most_cohosts=0)
    room.hand_over(BO, by=ANA, at=NOON)

    assert events(room) == ["HostHandedOver"]
    assert roles(room) == {ANA: Role.SPEAKER, BO: Role.HOST, CY: Role.SPEAKER}


def test_a_cohost_who_takes_over_makes_place_for_the_former_host_at_the_end_of_the_line() -> None:
    room = room_of(BO, CY)
    room.hand_over(BO, by=ANA, at=NOON)

    assert room.cohosts == [CY, ANA]


def test_who_cannot_be_handed_the_room() -> None:
    room = room_of(BO)
    with refused(room, NotOnStage):
        room.hand_over(person(1), by=ANA, at=NOON)
    with refused(room, AlreadyHost):
        room.hand_over(ANA, by=ANA, at=NOON)
    for by in (BO, CY):
        with refused(room, HostOnly):
            room.hand_over(CY, by=by, at=NOON)


def test_from_then_on_only_the_new_host_ends_and_only_the_new_host_stays() -> None:
    room = room_of()
    room.hand_over(BO, by=ANA, at=NOON)
    room.collect_events()
    with refused(room, HostOnly):
        room.end(ANA, NOON)
    with refused(room, HostStays):
        room.demote_speaker(BO, by=ANA, at=NOON)
    room.demote_speaker(ANA, by=BO, at=NOON)
    room.end(BO, NOON)

    assert events(room) == ["SpeakerDemoted", "RoomEnded"]


@pytest.mark.parametrize("heir", [BO, CY])
def test_after_a_succession_the_former_host_has_no_seat(heir: object) -> None:
    room = room_of(BO, CY)
    room.unmute(CY, by=CY, at=NOON)
    room.succeed_host(heir, NOON)  # type: ignore[arg-type]
    told = room.pending_events[-1]

    assert isinstance(told, HostHandedOver)
    assert (told.by, told.former_host_id, told.cause) == (None, ANA, "host_dropped")
    assert (room.host_id, ANA in room.seats) == (heir, False)
    assert room.cohosts == [CY if heir is BO else BO]
    assert room.seats[CY].muted is False  # what one says is not cut off by it


def test_only_a_cohost_succeeds() -> None:
    room = room_of(BO)
    for nobody in (CY, ANA, person(1)):
        with refused(room, NotCohost):
            room.succeed_host(nobody, NOON)
