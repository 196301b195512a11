"""Who may host, with the numbers of each preset."""

import pytest

from rooms.domain.eligibility import Eligibility
from rooms.domain.errors import MayNotHost
from rooms.domain.room import Room
from spaces_project.presets import PRESETS
from tests.domain.scenes import ANA, ROOM, events, new_room, refused


def standing(preset: str, followers: int, *, test_group: bool = False) -> Eligibility:
    numbers = PRESETS[preset]
    return Eligibility(
        preset=preset,
        followers=followers,
        followers_needed=numbers.followers_to_host,
        test_group=test_group,
        test_group_only=numbers.test_group_only,
    )


@pytest.mark.parametrize(
    "eligible",
    [
        standing("launch", 600),
        standing("launch", 100_000),
        standing("classic", 0),
        standing("beta", 0, test_group=True),
    ],
)
def test_who_has_enough_followers_or_a_place_in_the_test_group_hosts(eligible: Eligibility) -> None:
    room = new_room(eligibility=eligible)

    assert events(room) == ["RoomCreated"]
    assert room.host_id == ANA


@pytest.mark.parametrize(
    "ineligible",
    [
        standing("launch", 599),
        standing("launch", 0, test_group=True),
        standing("beta", 100_000),
        Eligibility(preset="launch", followers=5000, followers_needed=600, protected=True),
        Eligibility(preset="classic", followers=0, followers_needed=0, protected=True),
    ],
)
def test_nobody_else_hosts(ineligible: Eligibility, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(ROOM)
    with refused(room, MayNotHost) as no:
        new_room_as(room, ineligible, monkeypatch)

    assert no.value.facts["followers_needed"] == ineligible.followers_needed
    assert no.value.facts["followers"] == ineligible.followers


def test_the_reason_is_kept_in_the_event() -> None:
    (created,) = new_room(eligibility=standing("launch", 612)).pending_events

    assert created.eligibility == standing("launch", 612)  # type: ignore[attr-defined]


def test_the_presets_have_the_numbers_of_the_rules() -> None:
    numbers = {
        name: (p.stage_size, p.most_cohosts, p.followers_to_host, p.test_group_only)
        for name, p in PRESETS.items()
    }

    assert numbers == {
        "beta": (11, 10, 0, True),
        "launch": (12, 2, 600, False),
        "classic": (13, 2, 0, False),
    }


def new_room_as(room: Room, eligibility: Eligibility, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.domain.scenes.Room", lambda _: room)
    new_room(eligibility=eligibility)
