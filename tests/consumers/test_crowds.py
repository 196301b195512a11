"""Crowds: strangers are numbers, counts come once a second, and no seq is missing."""

import random
import sys

import pytest
from pytest_django import Settings

from rooms.crowd import Watched, is_crowd
from rooms.domain.events import (
    CohostAppointed,
    HandLowered,
    HandRaised,
    Joined,
    Left,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerUnmuted,
)
from rooms.domain.rules import Rules
from spaces_project.kernel.ids import public
from spaces_project.kernel.sockets.channel import RING
from tests.consumers.crowds import HOST, Evening, Viewer, go_on, person

SEEDS = 12
STEPS = 400


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Evening:
    """A room in which ten people are a crowd."""
    settings.ROOM_RULES = Rules(big_room=10)
    return Evening(monkeypatch)


def crowded(evening: Evening, people: int = 20) -> None:
    evening.happens(*((Joined, person(number)) for number in range(people)))
    assert evening.channel.is_crowd


def arrived(evening: Evening, who: object = person(900)) -> Viewer:
    viewer = Viewer(evening, who)  # type: ignore[arg-type]
    viewer.connect()
    viewer.read()
    evening.tick()
    viewer.read()
    return viewer


def test_a_storm_costs_each_socket_one_small_frame_and_the_counts(evening: Evening) -> None:
    crowded(evening)
    viewers = [arrived(evening, person(9000 + n)) for n in range(3)]

    for start in range(100, 1100, 20):
        evening.happens(*((Joined, person(number)) for number in range(start, start + 20)))
    during = [viewer.read() for viewer in viewers]
    evening.tick()
    after = [viewer.read() for viewer in viewers]

    head = evening.channel.head
    told = [frame for frames in (*during, *after) for frame in frames]
    ranges = [frame for frame in told if frame["type"] == "redacted"]
    counts = [frame for frame in told if frame["type"] == "counts"]
    assert len(ranges) <= 3 * (1 + 1000 // (RING // 2))
    assert ranges[-1]["seq"] == head
    assert counts == [{"type": "counts", "participant_count": 1020, "hand_count": 0}] * 3
    assert len(told) == len(ranges) + len(counts)
    assert [viewer.gaps for viewer in viewers] == [0, 0, 0]


def test_nobody_puts_into_words_what_nobody_may_read(evening: Evening) -> None:
    crowded(evening)
    arrived(evening)
    evening.happens((Joined, person(50)))

    assert evening.channel.ring[-1].full is None


def test_everybody_hears_of_the_stage_at_once_and_in_order(evening: Evening) -> None:
    crowded(evening)
    viewer = arrived(evening)

    evening.happens((Joined, person(50)))
    evening.happens((Left, person(3)))
    assert viewer.read() == []
    evening.happens((SpeakerUnmuted, HOST))

    redacted, unmuted = viewer.read()
    assert redacted == {"type": "redacted", "from": redacted["seq"] - 1, "seq": redacted["seq"]}
    assert (unmuted["type"], unmuted["seq"]) == ("speaker.unmuted", redacted["seq"] + 1)


def test_who_is_followed_is_told_by_name_and_so_is_oneself(evening: Evening) -> None:
    crowded(evening)
    friend, me = person(50), person(900)
    evening.follows[me] = [friend]
    mine, others = arrived(evening, me), arrived(evening, person(901))

    evening.happens((Joined, person(51)), (Joined, friend))
    evening.happens((Joined, me))

    assert [frame["type"] for frame in mine.read()] == [
        "redacted", "participant.joined", "participant.joined",
    ]  # fmt: skip
    assert others.read() == []
    assert mine.frames[-2]["data"]["account_id"] == public("acc", friend)


def test_who_follows_somebody_does_not_hear_by_whom_the_friend_was_put_out(
    evening: Evening,
) -> None:
    crowded(evening)
    friend, me = person(1), person(900)
    evening.follows[me] = [friend]
    mine = arrived(evening, me)
    evening.happens((Left, friend), by=HOST)

    (told,) = mine.read()
    assert (told["type"], told["actor"]) == ("participant.left", None)


def test_a_leader_sees_the_line_and_who_waits_learns_the_place_once_a_second(
    evening: Evening,
) -> None:
    crowded(evening)
    host, waiting = arrived(evening, HOST), arrived(evening, person(3))
    evening.happens((HandRaised, person(1)), (HandRaised, person(2)), (HandRaised, person(3)))
    hands = [frame["type"] for frame in host.read()]
    own = [frame["type"] for frame in waiting.read()]
    evening.tick()
    first = waiting.read()[-1]
    evening.happens((HandLowered, person(1)))
    silent = waiting.read()
    evening.tick()
    second = waiting.read()[-1]
    evening.tick()

    assert hands == ["hand.raised"] * 3
    assert own == ["redacted", "hand.raised"]
    assert (first["hand_position"], first["hand_count"]) == (3, 3)
    assert silent == []
    assert (second["hand_position"], second["hand_count"]) == (2, 2)
    assert waiting.read() == []  # nothing changed


def test_the_snapshot_of_a_crowd_is_bounded_and_lists_no_stranger(evening: Evening) -> None:
    crowded(evening, 2000)
    evening.happens(*((HandRaised, person(number)) for number in range(300)))
    me = person(5)
    evening.follows[me] = [person(number) for number in range(100, 400)]

    mine = arrived(evening, me).frames[0]
    host = arrived(evening, HOST).frames[0]
    stranger = arrived(evening, person(9999)).frames[0]

    assert len(mine["state"]["listeners"]) == 50
    assert mine["state"]["hands"] == []
    assert mine["state"]["viewer"]["hand_position"] == 6
    assert stranger["state"]["listeners"] == []
    assert len(host["state"]["hands"]) == 50
    assert {frame["state"]["participant_count"] for frame in (mine, host, stranger)} == {2000}
    assert {frame["state"]["hand_count"] for frame in (mine, host, stranger)} == {300}


def test_a_room_does_not_flicker_between_large_and_small(evening: Evening) -> None:
    crowded(evening, 11)
    viewer = arrived(evening)
    for _ in range(20):
        evening.happens((Left, person(0)), (Left, person(1)))
        evening.happens((Joined, person(0)), (Joined, person(1)))
        evening.tick()

    assert evening.channel.is_crowd
    assert [f["type"] for f in viewer.read()].count("snapshot") == 0
    assert not is_crowd(8, 10, was=True)
    assert is_crowd(9, 10, was=True)
    assert not is_crowd(10, 10, was=False)


def test_at_the_switch_everybody_begins_anew_and_goes_on_without_a_gap(evening: Evening) -> None:
    evening.happens(*((Joined, person(number)) for number in range(8)))
    viewer = arrived(evening)
    evening.happens((Joined, person(8)))
    small = viewer.read()
    evening.happens((Joined, person(9)), (Joined, person(10)))
    grown = viewer.read()
    evening.happens(*((Left, person(number)) for number in range(5)))
    shrunk = viewer.read()
    evening.happens((Joined, person(20)))

    assert [frame["type"] for frame in small] == ["participant.joined"]
    assert grown[-1]["type"] == "snapshot"
    assert grown[-1]["state"]["listeners"] == []
    assert shrunk[-1]["type"] == "snapshot"
    assert len(shrunk[-1]["state"]["listeners"]) == 6
    assert [frame["type"] for frame in viewer.read()] == ["participant.joined"]
    assert viewer.gaps == 0


def test_who_was_away_over_the_switch_begins_anew_and_who_was_not_resumes(
    evening: Evening,
) -> None:
    evening.happens(*((Joined, person(number)) for number in range(8)))
    away = arrived(evening)
    away.disconnect()
    crowded(evening)
    later = arrived(evening, person(901))
    later.disconnect()
    evening.happens((SpeakerUnmuted, HOST), (Joined, person(70)), (SpeakerMuted, HOST))
    away.connect()
    later.connect()

    assert [frame["type"] for frame in away.read()] == ["snapshot"]
    types = [frame["type"] for frame in later.read()]
    assert types == ["speaker.unmuted", "redacted", "speaker.muted"]


def test_who_resumes_finds_what_only_the_log_has_in_words(evening: Evening) -> None:
    crowded(evening)
    me = person(900)
    viewer = arrived(evening, me)
    viewer.disconnect()
    evening.happens((Joined, person(70)))
    evening.happens((Joined, me))
    assert evening.channel.ring[-1].full is None
    viewer.connect()

    assert [frame["type"] for frame in viewer.read()] == ["redacted", "participant.joined"]


def test_any_evening_leaves_no_gap_in_anybodys_numbers(evening: Evening) -> None:
    switches = 0
    for seed in range(SEEDS):
        chance = random.Random(seed)
        viewers = [Viewer(evening, who) for who in (HOST, person(1), person(2), person(990))]
        evening.follows[person(990)] = [person(n) for n in range(0, 60, 7)]
        for step in range(STEPS):
            was = evening.channel.is_crowd
            go_on(evening, chance, size=30 if (step // 80) % 2 else 2)
            switches += evening.channel.is_crowd != was
            viewer = chance.choice(viewers)
            if viewer.connection is None:
                viewer.connect()
            elif chance.random() < 0.05:
                viewer.disconnect()
            if chance.random() < 0.3:
                evening.tick()
            for each in viewers:
                each.read()
        for viewer in viewers:
            if viewer.connection is None:
                viewer.connect()
        evening.tick()
        for viewer in viewers:
            viewer.read()
            assert (viewer.gaps, viewer.seq) == (0, evening.channel.head), f"seed {seed}"
            viewer.disconnect()
    print(f"seeds 0-{SEEDS - 1}, {STEPS} steps each, {switches} switches")
    assert switches > SEEDS


def test_who_watches_whom_is_forgotten_with_the_viewer_and_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rooms.crowd.MOST_WATCHED", 1000)
    watched = Watched()
    for viewer in range(100):
        watched.watch(person(viewer), [person(n) for n in range(1000, 1100)])
    assert watched._pairs == 1000
    assert watched.viewers_of(person(1000)) == {person(viewer) for viewer in range(10)}
    assert watched.follows(person(9), person(1000))
    assert not watched.follows(person(10), person(1000))

    for viewer in range(100):
        watched.forget(person(viewer))
        watched.forget(person(viewer))
    assert (watched._pairs, watched._viewers, watched._followed) == (0, {}, {})
    print(f"{sys.getsizeof(watched._viewers)} bytes")


def test_who_becomes_a_leader_in_a_crowd_is_shown_the_line(evening: Evening) -> None:
    crowded(evening)
    evening.happens((HandRaised, person(1)), (HandRaised, person(2)))
    evening.happens((SpeakerPromoted, person(5)))
    speaker = arrived(evening, person(5))

    evening.happens((CohostAppointed, person(5)))
    appointed, snapshot = speaker.read()

    assert speaker.frames[0]["state"]["hands"] == []
    assert appointed["type"] == "cohost.appointed"
    assert len(snapshot["state"]["hands"]) == 2
