"""The life of a room: opened, started, ended, and who may do that."""

from typing import Any

import pytest

from rooms.domain.errors import (
    AlreadyLive,
    BadText,
    FollowersOnly,
    HostOnly,
    HostStays,
    MayNotAsk,
    RoomIsOver,
    RoomNotFound,
    RoomNotLive,
    TooManyTopics,
)
from rooms.domain.events import RoomCreated, RoomEnded
from rooms.domain.room import Room
from rooms.domain.words import AudiencePolicy, Role, RoomState, SpeakPolicy
from tests.domain.scenes import (
    ANA,
    BO,
    ENOUGH,
    LAUNCH,
    NOON,
    ROOM,
    after,
    ended_room,
    events,
    live_room,
    new_room,
    refused,
)

WISHES: dict[str, Any] = {
    "title": "Tea",
    "description": "",
    "topic_ids": [],
    "audience_policy": AudiencePolicy.PUBLIC,
    "speak_policy": SpeakPolicy.EVERYONE,
    "seat_policy": LAUNCH,
    "eligibility": ENOUGH,
    "by": ANA,
    "at": NOON,
}


def test_a_new_room_is_scheduled_and_its_host_sits_muted_on_stage() -> None:
    room = new_room(title="  Tea  ", description="Green\nand black", topic_ids=["tea"])
    (created,) = room.pending_events

    assert isinstance(created, RoomCreated)
    assert (created.title, created.description, created.topic_ids) == (
        "Tea", "Green\nand black", ["tea"],
    )  # fmt: skip
    assert room.state is RoomState.SCHEDULED
    assert list(room.seats) == [ANA]
    assert (room.seats[ANA].role, room.seats[ANA].muted) == (Role.HOST, True)


@pytest.mark.parametrize(
    ("wish", "no"),
    [
        ({"title": ""}, BadText),
        ({"title": "   "}, BadText),
        ({"title": "t" * 71}, BadText),
        ({"title": "a\x00b"}, BadText),
        ({"title": "a\nb"}, BadText),
        ({"description": "d" * 1001}, BadText),
        ({"topic_ids": ["a", "b", "c", "d"]}, TooManyTopics),
        ({"topic_ids": ["a", "a"]}, TooManyTopics),
    ],
)
def test_texts_and_topics_have_limits(wish: dict[str, Any], no: Any) -> None:
    room = Room(ROOM)
    with refused(room, no):
        room.create(**WISHES | wish)


@pytest.mark.parametrize(
    "wish",
    [
        {"title": "t"},
        {"title": "t" * 70},
        {"description": "d" * 1000},
        {"topic_ids": ["a", "b", "c"]},
    ],
)
def test_at_the_limit_all_is_well(wish: dict[str, Any]) -> None:
    assert events(new_room(**wish)) == ["RoomCreated"]


def test_the_host_starts_the_room_once() -> None:
    room = new_room()
    room.collect_events()
    with refused(room, HostOnly):
        room.start(BO, NOON)
    room.start(ANA, after(60))
    with refused(room, AlreadyLive):
        room.start(ANA, after(61))

    assert events(room) == ["RoomStarted"]
    assert (room.state, room.started_at) == (RoomState.LIVE, after(60))


def test_only_the_host_ends_the_room() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    with refused(room, HostOnly):
        room.end(BO, NOON)
    room.end(ANA, after(5))
    ended = room.pending_events[-1]

    assert isinstance(ended, RoomEnded)
    assert ended.reason == "host"
    assert (room.state, room.ended_at, room.seats) == (RoomState.ENDED, after(5), {})


def test_a_room_may_end_before_it_starts() -> None:
    room = new_room()
    room.end(ANA, NOON)

    assert events(room) == ["RoomCreated", "RoomEnded"]


ASKS: dict[str, Any] = {
    "start": lambda room: room.start(ANA, NOON),
    "end": lambda room: room.end(ANA, NOON),
    "policies": lambda room: room.change_policies(AudiencePolicy.FOLLOWERS, None, ANA, NOON),
    "promote": lambda room: room.promote_speaker(BO, by=ANA, at=NOON),
    "demote": lambda room: room.demote_speaker(BO, by=ANA, at=NOON),
    "step down": lambda room: room.step_down(BO, NOON),
    "mute": lambda room: room.mute(BO, by=ANA, at=NOON),
    "unmute": lambda room: room.unmute(BO, by=BO, at=NOON),
    "admit": lambda room: room.must_admit(BO, follows_host=True),
    "admit the host": lambda room: room.must_admit(ANA, follows_host=False),
    "ask": lambda room: room.must_let_ask(BO, followed_by_host=True),
    "block": lambda room: room.must_be_hosted_by(ANA),
}
NOT_BEFORE_THE_START = {"promote", "demote", "step down", "mute", "unmute", "admit", "ask"}


@pytest.mark.parametrize("ask", ASKS)
def test_a_room_that_has_ended_records_nothing_more(ask: str) -> None:
    room = ended_room()
    with refused(room, RoomIsOver):
        ASKS[ask](room)


@pytest.mark.parametrize("ask", ASKS)
def test_a_room_that_never_was_is_not_there(ask: str) -> None:
    room = Room(ROOM)
    with refused(room, RoomNotFound):
        ASKS[ask](room)


@pytest.mark.parametrize("ask", sorted(NOT_BEFORE_THE_START))
def test_nothing_happens_on_stage_before_the_start(ask: str) -> None:
    room = new_room()
    with refused(room, RoomNotLive):
        ASKS[ask](room)


def test_the_host_comes_in_before_the_start() -> None:
    new_room().must_admit(ANA, follows_host=False)


def test_a_followers_room_admits_followers_and_its_host() -> None:
    room = live_room(audience_policy=AudiencePolicy.FOLLOWERS)
    room.must_admit(ANA, follows_host=False)
    room.must_admit(BO, follows_host=True)
    with refused(room, FollowersOnly):
        room.must_admit(BO, follows_host=False)


def test_a_public_room_admits_everybody() -> None:
    live_room().must_admit(BO, follows_host=False)


@pytest.mark.parametrize(
    ("policy", "followed", "may"),
    [
        (SpeakPolicy.EVERYONE, False, True),
        (SpeakPolicy.FOLLOWED_BY_HOST, True, True),
        (SpeakPolicy.FOLLOWED_BY_HOST, False, False),
        (SpeakPolicy.INVITED, True, False),
        (SpeakPolicy.INVITED, False, False),
    ],
)
def test_the_speak_policy_says_who_may_ask(policy: SpeakPolicy, followed: bool, may: bool) -> None:
    room = live_room(speak_policy=policy)
    if may:
        room.must_let_ask(BO, followed_by_host=followed)
        return
    with refused(room, MayNotAsk) as no:
        room.must_let_ask(BO, followed_by_host=followed)
    assert no.value.facts["speak_policy"] == policy.value


def test_only_the_host_changes_policies_and_what_is_not_given_stays() -> None:
    room = live_room()
    with refused(room, HostOnly):
        room.change_policies(AudiencePolicy.FOLLOWERS, None, BO, NOON)
    room.change_policies(None, SpeakPolicy.INVITED, ANA, NOON)
    room.change_policies(AudiencePolicy.FOLLOWERS, None, ANA, NOON)

    assert events(room) == ["PoliciesChanged", "PoliciesChanged"]
    assert room.audience_policy is AudiencePolicy.FOLLOWERS
    assert room.speak_policy is SpeakPolicy.INVITED


def test_policies_that_are_so_already_are_not_changed() -> None:
    room = live_room()
    room.change_policies(AudiencePolicy.PUBLIC, SpeakPolicy.EVERYONE, ANA, NOON)
    room.change_policies(None, None, ANA, NOON)

    assert events(room) == []


def test_the_host_is_neither_removed_nor_blocked() -> None:
    room = live_room()
    room.must_not_host(BO)
    with refused(room, HostStays):
        room.must_not_host(ANA)


def test_only_the_host_blocks() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.must_be_hosted_by(ANA)
    with refused(room, HostOnly):
        room.must_be_hosted_by(BO)
