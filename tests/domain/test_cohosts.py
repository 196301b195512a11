"""Co-hosts: who appoints them, how many, and exactly what they may do."""

from collections.abc import Callable
from typing import Any

import pytest

from rooms.domain.errors import (
    AlreadyCohost,
    AlreadyHost,
    HostOnly,
    HostStays,
    LeadersOnly,
    NotCohost,
    NotOnStage,
    TooManyCohosts,
)
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, Role, SeatPolicy
from tests.domain.scenes import ANA, BO, CY, NOON, events, live_room, person, refused

PIN = person(900)


def led_room() -> Room:
    """Return a room with Ana as host, Bo as co-host, Cy as speaker, nothing of it pending."""
    room = live_room()
    for who in (BO, CY):
        room.promote_speaker(who, by=ANA, at=NOON)
    room.appoint_cohost(BO, by=ANA, at=NOON)
    room.collect_events()
    return room


def test_a_cohost_is_a_speaker_with_another_role_and_the_same_microphone() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.unmute(BO, by=BO, at=NOON)
    room.appoint_cohost(BO, by=ANA, at=NOON)
    assert (room.seats[BO].role, room.seats[BO].muted, room.cohosts) == (Role.COHOST, False, [BO])
    room.dismiss_cohost(BO, by=ANA, at=NOON)

    assert (room.seats[BO].role, room.seats[BO].muted, room.cohosts) == (Role.SPEAKER, False, [])
    assert events(room)[-2:] == ["CohostAppointed", "CohostDismissed"]


def test_only_the_host_names_cohosts_and_dismisses_them() -> None:
    room = led_room()
    for by in (BO, CY, person(1)):
        with refused(room, HostOnly):
            room.appoint_cohost(CY, by=by, at=NOON)
        with refused(room, HostOnly):
            room.dismiss_cohost(BO, by=by, at=NOON)


def test_who_cannot_be_made_a_cohost() -> None:
    room = led_room()
    with refused(room, NotOnStage):
        room.appoint_cohost(person(1), by=ANA, at=NOON)
    with refused(room, AlreadyCohost):
        room.appoint_cohost(BO, by=ANA, at=NOON)
    with refused(room, AlreadyHost):
        room.appoint_cohost(ANA, by=ANA, at=NOON)
    for nobody in (CY, ANA, person(1)):
        with refused(room, NotCohost):
            room.dismiss_cohost(nobody, by=ANA, at=NOON)


@pytest.mark.parametrize(("most", "fit"), [(0, 0), (2, 2), (10, 4)])
def test_there_are_as_many_cohosts_as_the_seat_policy_allows(most: int, fit: int) -> None:
    room = live_room(seat_policy=SeatPolicy(stage_size=6, most_cohosts=most))
    people = [person(n) for n in range(fit + 1)]
    for who in people:
        room.promote_speaker(who, by=ANA, at=NOON)
    for who in people[:fit]:
        room.appoint_cohost(who, by=ANA, at=NOON)
    assert room.cohosts == people[:fit]
    if fit == most:
        with refused(room, TooManyCohosts) as no:
            room.appoint_cohost(people[-1], by=ANA, at=NOON)
        assert no.value.facts["limit"] == most


@pytest.mark.parametrize("goes", ["demote_speaker", "step_down", "let_seat_lapse"])
def test_a_cohost_without_a_seat_is_no_cohost(goes: str) -> None:
    room = led_room()
    facts = {"by": ANA} if goes == "demote_speaker" else {}
    getattr(room, goes)(BO, at=NOON, **facts)

    assert (BO in room.seats, room.cohosts) == (False, [])


MAY: dict[str, Callable[[Room], Any]] = {
    "promote": lambda room: room.promote_speaker(person(1), by=BO, at=NOON),
    "demote a speaker": lambda room: room.demote_speaker(CY, by=BO, at=NOON),
    "mute a speaker": lambda room: room.mute(CY, by=BO, at=NOON),
    "mute the host": lambda room: room.mute(ANA, by=BO, at=NOON),
    "mute all": lambda room: room.mute_all(by=BO, at=NOON),
    "pin": lambda room: room.pin(PIN, by=BO, at=NOON, text="Tea"),
    "lead": lambda room: room.must_lead(BO),
    "move a speaker": lambda room: room.must_be_below(CY, by=BO),
    "move oneself": lambda room: room.must_be_below(BO, by=BO),
}
MAY_NOT: dict[str, tuple[Callable[[Room], Any], Any]] = {
    "end": (lambda room: room.end(BO, NOON), HostOnly),
    "start": (lambda room: room.start(BO, NOON), HostOnly),
    "policies": (lambda r: r.change_policies(AudiencePolicy.INVITED, None, BO, NOON), HostOnly),
    "card": (lambda room: room.change_card(BO, NOON, title="Coffee"), HostOnly),
    "followers": (lambda room: room.invite_followers(BO, NOON), HostOnly),
    "hand over": (lambda room: room.hand_over(CY, by=BO, at=NOON), HostOnly),
    "block": (lambda room: room.must_be_hosted_by(BO), HostOnly),
    "demote the host": (lambda room: room.demote_speaker(ANA, by=BO, at=NOON), HostStays),
    "remove the host": (lambda room: room.must_be_below(ANA, by=BO), HostStays),
}


@pytest.mark.parametrize("what", MAY)
def test_a_cohost_may(what: str) -> None:
    MAY[what](led_room())


@pytest.mark.parametrize("what", MAY_NOT)
def test_a_cohost_may_not(what: str) -> None:
    room = led_room()
    ask, no = MAY_NOT[what]
    with refused(room, no):
        ask(room)


def test_a_cohost_moves_no_other_cohost_but_the_host_does() -> None:
    room = led_room()
    room.appoint_cohost(CY, by=ANA, at=NOON)
    with refused(room, HostOnly):
        room.demote_speaker(CY, by=BO, at=NOON)
    room.demote_speaker(CY, by=ANA, at=NOON)

    assert room.cohosts == [BO]


@pytest.mark.parametrize(
    "what", ["promote", "demote a speaker", "mute the host", "mute all", "pin"]
)
def test_who_is_dismissed_leads_no_more(what: str) -> None:
    room = led_room()
    room.dismiss_cohost(BO, by=ANA, at=NOON)
    with refused(room, LeadersOnly):
        MAY[what](room)
