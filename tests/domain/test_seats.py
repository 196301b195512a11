"""The stage of a room: who sits there, who leads, whose microphone is open."""

import pytest

from rooms.domain.errors import (
    AlreadyOnStage,
    HostStays,
    LeadersOnly,
    NotOnStage,
    OnlyYourself,
    StageIsFull,
)
from rooms.domain.room import Room
from rooms.domain.words import Role, SeatPolicy
from tests.domain.scenes import ANA, BO, CY, NOON, events, live_room, person, refused


def room_with_speaker() -> Room:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.collect_events()
    return room


def test_a_leader_promotes_and_the_seat_starts_muted() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)

    assert events(room) == ["SpeakerPromoted"]
    assert (room.seats[BO].role, room.seats[BO].muted, room.seats[BO].muted_by) == (
        Role.SPEAKER, True, None,
    )  # fmt: skip


@pytest.mark.parametrize("by", [BO, CY])
def test_only_a_leader_promotes(by: object) -> None:
    room = room_with_speaker()
    with refused(room, LeadersOnly):
        room.promote_speaker(CY, by=by, at=NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("whom", [ANA, BO])
def test_nobody_sits_twice(whom: object) -> None:
    room = room_with_speaker()
    with refused(room, AlreadyOnStage):
        room.promote_speaker(whom, by=ANA, at=NOON)  # type: ignore[arg-type]


def test_who_is_on_stage_does_not_ask() -> None:
    room = room_with_speaker()
    with refused(room, AlreadyOnStage):
        room.must_let_ask(BO, followed_by_host=True)


def test_the_host_and_eleven_others_fit_on_stage() -> None:
    room = live_room()
    for number in range(11):
        room.promote_speaker(person(number), by=ANA, at=NOON)
    with refused(room, StageIsFull) as no:
        room.promote_speaker(person(11), by=ANA, at=NOON)

    assert no.value.facts["stage_size"] == 12
    assert len(room.seats) == 12


def test_a_seat_that_was_given_back_is_free() -> None:
    room = live_room(seat_policy=SeatPolicy(stage_size=2, most_cohosts=0))
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.step_down(BO, NOON)
    room.promote_speaker(CY, by=ANA, at=NOON)

    assert list(room.seats) == [ANA, CY]


def test_a_leader_demotes_a_speaker() -> None:
    room = room_with_speaker()
    room.demote_speaker(BO, by=ANA, at=NOON)

    assert events(room) == ["SpeakerDemoted"]
    assert list(room.seats) == [ANA]


@pytest.mark.parametrize("by", [BO, CY])
def test_only_a_leader_demotes(by: object) -> None:
    room = room_with_speaker()
    room.promote_speaker(person(1), by=ANA, at=NOON)
    with refused(room, LeadersOnly):
        room.demote_speaker(person(1), by=by, at=NOON)  # type: ignore[arg-type]


def test_nobody_is_demoted_who_does_not_sit() -> None:
    room = live_room()
    with refused(room, NotOnStage):
        room.demote_speaker(BO, by=ANA, at=NOON)


def test_the_host_is_not_demoted_and_does_not_step_down() -> None:
    room = room_with_speaker()
    with refused(room, HostStays):
        room.demote_speaker(ANA, by=ANA, at=NOON)
    with refused(room, HostStays):
        room.step_down(ANA, NOON)
    with refused(room, LeadersOnly):
        room.demote_speaker(ANA, by=BO, at=NOON)


def test_a_speaker_steps_down_once() -> None:
    room = room_with_speaker()
    room.step_down(BO, NOON)
    with refused(room, NotOnStage):
        room.step_down(BO, NOON)

    assert events(room) == ["SpeakerSteppedDown"]


def test_a_microphone_is_opened_by_its_owner() -> None:
    room = room_with_speaker()
    room.unmute(BO, by=BO, at=NOON)
    room.unmute(BO, by=BO, at=NOON)

    assert events(room) == ["SpeakerUnmuted"]
    assert not room.seats[BO].muted


@pytest.mark.parametrize(("whose", "by"), [(BO, ANA), (ANA, BO), (BO, CY)])
def test_nobody_opens_somebody_elses_microphone(whose: object, by: object) -> None:
    room = room_with_speaker()
    with refused(room, OnlyYourself):
        room.unmute(whose, by=by, at=NOON)  # type: ignore[arg-type]


def test_who_does_not_sit_has_no_microphone() -> None:
    room = live_room()
    with refused(room, NotOnStage):
        room.unmute(BO, by=BO, at=NOON)
    with refused(room, NotOnStage):
        room.mute(BO, by=BO, at=NOON)
    with refused(room, NotOnStage):
        room.mute(BO, by=ANA, at=NOON)


@pytest.mark.parametrize("by", [ANA, BO])
def test_a_microphone_is_closed_by_its_owner_or_a_leader(by: object) -> None:
    room = room_with_speaker()
    room.unmute(BO, by=BO, at=NOON)
    room.mute(BO, by=by, at=NOON)  # type: ignore[arg-type]
    room.mute(BO, by=ANA, at=NOON)

    assert events(room) == ["SpeakerUnmuted", "SpeakerMuted"]
    assert (room.seats[BO].muted, room.seats[BO].muted_by) == (True, by)


def test_who_was_muted_by_a_leader_may_open_again() -> None:
    room = room_with_speaker()
    room.unmute(BO, by=BO, at=NOON)
    room.mute(BO, by=ANA, at=NOON)
    room.unmute(BO, by=BO, at=NOON)

    assert (room.seats[BO].muted, room.seats[BO].muted_by) == (False, None)


@pytest.mark.parametrize("by", [BO, CY])
def test_nobody_but_leaders_mutes_others(by: object) -> None:
    room = room_with_speaker()
    room.unmute(ANA, by=ANA, at=NOON)
    with refused(room, LeadersOnly):
        room.mute(ANA, by=by, at=NOON)  # type: ignore[arg-type]


def test_who_comes_back_to_the_stage_is_muted_again() -> None:
    room = room_with_speaker()
    room.unmute(BO, by=BO, at=NOON)
    room.demote_speaker(BO, by=ANA, at=NOON)
    room.promote_speaker(BO, by=ANA, at=NOON)

    assert room.seats[BO].muted
