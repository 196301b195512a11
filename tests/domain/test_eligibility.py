"""Who may host, with the numbers of each preset."""

import msgspec
import pytest

from rooms.domain.eligibility import TOLD, Eligibility
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
        test_group_only=numbers.host_rollout == "list",
        rollout=numbers.host_rollout,
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


@pytest.mark.parametrize(
    ("eligible", "reasons"),
    [
        (standing("classic", 0), []),
        (standing("launch", 599), ["too-few-followers"]),
        (standing("beta", 5), ["not-in-rollout"]),
        (Eligibility("launch", 0, 600, protected=True, rollout="list"),
         ["protected", "not-in-rollout", "too-few-followers"]),
        (Eligibility("beta", 0, 0, rollout="percentage", percentage=20, bucket=20),
         ["not-in-rollout"]),
        (Eligibility("beta", 0, 0, rollout="percentage", percentage=20, bucket=19), []),
        (Eligibility("beta", 0, 0, True, rollout="percentage", percentage=0, bucket=99), []),
    ],
)  # fmt: skip
def test_each_reason_is_named_and_says_what_to_do(
    eligible: Eligibility, reasons: list[str]
) -> None:
    told = [TOLD[reason].split("{")[0] for reason in reasons]

    assert eligible.reasons == reasons
    assert all(sentence in eligible.in_words() for sentence in told)
    assert bool(eligible.in_words()) == bool(reasons)


@pytest.mark.parametrize(
    ("stored", "reasons"),
    [
        ({"preset": "beta", "followers": 0, "followers_needed": 0, "test_group": True,
          "test_group_only": True}, []),
        ({"preset": "beta", "followers": 9, "followers_needed": 0, "test_group_only": True},
         ["not-in-rollout"]),
        ({"preset": "launch", "followers": 600, "followers_needed": 600}, []),
    ],
)  # fmt: skip
def test_what_was_stored_before_there_was_a_rollout_still_loads_and_says_the_same(
    stored: dict[str, object], reasons: list[str]
) -> None:
    assert msgspec.convert(stored, Eligibility).reasons == reasons


def test_the_reason_is_kept_in_the_event() -> None:
    (created,) = new_room(eligibility=standing("launch", 612)).pending_events

    assert created.eligibility == standing("launch", 612)  # type: ignore[attr-defined]


def test_the_presets_have_the_numbers_of_the_rules() -> None:
    numbers = {
        name: (p.stage_size, p.most_cohosts, p.followers_to_host, p.host_rollout)
        for name, p in PRESETS.items()
    }

    assert numbers == {
        "beta": (11, 10, 0, "list"),
        "launch": (12, 2, 600, "everyone"),
        "classic": (13, 2, 0, "everyone"),
    }


def new_room_as(room: Room, eligibility: Eligibility, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.domain.scenes.Room", lambda _: room)
    new_room(eligibility=eligibility)
