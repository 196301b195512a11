"""Who may see who is inside and what happens there; everybody else sees the door."""

from typing import Any

import pytest

from accounts import commands as accounts
from rooms import commands
from rooms.domain.words import AudiencePolicy
from rooms.view import HANDS_SHOWN
from spaces_project.kernel.ids import public
from tests.api.scenes import Caller, Evening, acc, said
from tests.projections.scenes import give_seat, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

PLACES = ["/hands", "/participants", "/events"]
PEOPLE = {"hands", "hand_count", "listeners"}


@pytest.fixture
def evening() -> Evening:
    return Evening()


def looks(caller: Caller, path: str) -> set[tuple[int, str]]:
    """Return what somebody is answered wherever people are shown."""
    answers = [caller.ask(f"GET {path}{place}") for place in PLACES]
    return {said(a) if a.status_code >= 400 else (a.status_code, "") for a in answers}


def sees_people(caller: Caller, path: str) -> bool:
    """Tell whether the room object shows somebody who is inside."""
    shown: dict[str, Any] = caller.ask(f"GET {path}").json()
    assert {"seats", "participant_count", "viewer"} <= set(shown)
    found = PEOPLE & set(shown)
    assert found in (set(), PEOPLE)
    return bool(found)


def close_to_followers(evening: Evening) -> None:
    commands.change_policies(
        room_id=evening.room_id, by=evening.ana, audience_policy=AudiencePolicy.FOLLOWERS
    )
    see()


def test_everybody_looks_into_a_public_room(evening: Evening) -> None:
    for caller in (evening.host, evening.speaker, evening.listener, evening.stranger):
        assert looks(caller, evening.path) == {(200, "")}
        assert sees_people(caller, evening.path)


def test_who_was_removed_does_not_look_back(evening: Evening) -> None:
    assert looks(evening.removed, evening.path) == {(403, "removed-from-room")}
    assert not sees_people(evening.removed, evening.path)


def test_a_followers_room_is_looked_into_by_followers_and_who_is_inside(evening: Evening) -> None:
    close_to_followers(evening)
    assert looks(evening.stranger, evening.path) == {(403, "followers-only")}
    assert not sees_people(evening.stranger, evening.path)
    for caller in (evening.host, evening.speaker, evening.listener):
        assert looks(caller, evening.path) == {(200, "")}
        assert sees_people(caller, evening.path)
    accounts.follow(follower_id=evening.flo, followee_id=evening.ana)
    see()

    assert looks(evening.stranger, evening.path) == {(200, "")}
    assert sees_people(evening.stranger, evening.path)


def test_who_leaves_a_followers_room_without_following_looks_no_more(evening: Evening) -> None:
    close_to_followers(evening)
    evening.listener.ask(f"POST {evening.path}/leave")
    see()

    assert looks(evening.listener, evening.path) == {(403, "followers-only")}


def test_before_the_start_only_the_host_looks() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = public("room", commands.open_room(host_id=ana, title="Later").entity_id)
    see()

    assert looks(Caller(ana), f"rooms/{room}") == {(200, "")}
    assert looks(Caller(bo), f"rooms/{room}") == {(409, "room-not-live")}
    assert sees_people(Caller(ana), f"rooms/{room}")
    assert not sees_people(Caller(bo), f"rooms/{room}")


def test_after_the_end_only_the_host_looks(evening: Evening) -> None:
    evening.host.ask(f"POST {evening.path}/end")
    see()
    assert looks(evening.host, evening.path) == {(200, "")}
    for caller in (evening.speaker, evening.listener, evening.stranger):
        assert looks(caller, evening.path) == {(409, "room-is-over")}
        assert not sees_people(caller, evening.path)

    assert looks(evening.removed, evening.path) == {(403, "removed-from-room")}
    assert evening.stranger.ask(f"GET {evening.path}").json()["state"] == "ended"


def test_who_follows_comes_in_at_once_though_no_view_knows_it(evening: Evening) -> None:
    close_to_followers(evening)
    join = f"POST {evening.path}/join"
    assert said(evening.stranger.ask(join)) == (403, "followers-only")
    follow = f"PUT accounts/me/following/{acc(evening.ana)}"
    assert evening.stranger.ask(follow).status_code == 200
    assert evening.stranger.ask(join).json()["present"] is True
    evening.stranger.ask(f"POST {evening.path}/leave")
    evening.stranger.ask(follow.replace("PUT", "DELETE"))

    assert said(evening.stranger.ask(join)) == (403, "followers-only")


def test_whom_the_host_follows_asks_at_once_though_no_view_knows_it(evening: Evening) -> None:
    evening.host.ask(f"PATCH {evening.path}", {"speak_policy": "followed_by_host"})
    raise_hand = f"POST {evening.path}/hands"
    assert said(evening.listener.ask(raise_hand)) == (403, "may-not-ask")
    evening.host.ask(f"PUT accounts/me/following/{acc(evening.cy)}")

    assert evening.listener.ask(raise_hand).json()["hand_raised_at"] is not None


def test_a_newcomer_who_opens_a_room_at_once_is_named_on_its_stage() -> None:
    ana = accounts.register(handle="ana", name="Ana").entity_id
    (seat,) = Caller(ana).ask("POST rooms", {"title": "Tea"}).json()["seats"]

    assert (seat["name"], seat["handle"]) == ("Ana", "ana")


def test_a_long_line_is_shown_in_part_and_counted_whole() -> None:
    ana, *guests = [someone(f"person_{n}") for n in range(HANDS_SHOWN + 3)]
    room = live_room(ana, *guests)
    for guest in guests:
        commands.raise_hand(room_id=room, account_id=guest)
    give_seat(room, guests[0], by=ana)
    see()
    path, waiting = f"rooms/{public('room', room)}", guests[1:]
    shown = Caller(ana).ask(f"GET {path}").json()

    assert HANDS_SHOWN == 50
    assert [hand["account_id"] for hand in shown["hands"]] == [acc(g) for g in waiting[:50]]
    assert [hand["position"] for hand in shown["hands"]] == list(range(1, 51))
    assert (shown["hand_count"], shown["viewer"]["hand_position"]) == (51, None)
    first = Caller(ana).ask(f"GET {path}/hands?limit=50").json()
    (last,) = Caller(ana).ask(f"GET {first['next'].split('/api/v1/')[1]}").json()["results"]
    assert [hand["position"] for hand in first["results"]] == list(range(1, 51))
    assert (last["account_id"], last["position"]) == (acc(waiting[50]), 51)
    assert all(hand["waiting_ms"] >= 0 for hand in first["results"])
    for guest, place in ((guests[0], None), (waiting[0], 1), (waiting[50], 51)):
        viewer = Caller(guest).ask(f"GET {path}").json()["viewer"]
        assert viewer["hand_position"] == place


def test_what_is_pinned_is_read_by_those_who_may_look(evening: Evening) -> None:
    commands.pin(room_id=evening.room_id, by=evening.ana, text="the code is tea")
    see()

    def reads(caller: Caller) -> list[str]:
        return [pin["text"] for pin in caller.ask(f"GET {evening.path}").json()["pins"]]

    assert reads(evening.stranger) == reads(evening.listener) == ["the code is tea"]
    assert reads(evening.removed) == []
    close_to_followers(evening)
    assert reads(evening.stranger) == []
    assert reads(evening.listener) == reads(evening.host) == ["the code is tea"]
    for caller in evening.by_role.values():
        assert b"the code is tea" not in caller.ask("GET rooms").content
    commands.end(room_id=evening.room_id, by=evening.ana)
    see()
    assert (reads(evening.listener), reads(evening.host)) == ([], ["the code is tea"])
