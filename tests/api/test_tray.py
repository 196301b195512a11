"""The tray over REST: who is in it, in which order, and what ends it."""

from typing import Any
from uuid import UUID

import pytest

from accounts import commands as accounts
from rooms import commands
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.clock import now
from spaces_project.kernel.ids import public
from tests.api.scenes import Caller, acc
from tests.projections.scenes import catch_up, give_seat, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def follow(follower: UUID, *followees: UUID) -> None:
    for followee in followees:
        accounts.follow(follower_id=follower, followee_id=followee)


def tray(viewer: UUID) -> list[dict[str, Any]]:
    see()
    entries: list[dict[str, Any]] = Caller(viewer).ask("GET tray").json()["results"]
    return entries


def shown(viewer: UUID) -> list[tuple[str, str]]:
    """Return handle and role of each entry."""
    return [(entry["handle"], entry["role"]) for entry in tray(viewer)]


def test_an_entry_says_who_in_which_role_and_where() -> None:
    ana, viewer = someone("ana"), someone("viewer")
    follow(viewer, ana)
    room = live_room(ana, title="Night trains", topic_ids=["trains"])
    (entry,) = tray(viewer)
    person = {"account_id": acc(ana), "name": "Ana", "handle": "ana"}

    assert entry["room"].pop("started_at") <= now().isoformat()
    assert entry == {
        **person,
        "role": "host",
        "room": {
            "id": public("room", room), "state": "live", "title": "Night trains", "host": person,
            "host_id": acc(ana), "participant_count": 0, "audience_policy": "public",
            "topic_ids": ["trains"], "is_ticketed": False,
        },
    }  # fmt: skip


def test_hosts_come_first_then_cohosts_then_speakers_and_of_each_the_newest() -> None:
    ana, bo, cy, di, viewer = map(someone, ("ana", "bob", "cyd", "diana", "viewer"))
    follow(viewer, ana, bo, cy, di)
    room = live_room(ana, bo, cy)
    for speaker in (bo, cy):
        give_seat(room, speaker, by=ana)
    commands.appoint_cohost(room_id=room, account_id=cy, by=ana)
    live_room(di)

    assert shown(viewer) == [
        ("diana", "host"), ("ana", "host"), ("cyd", "cohost"), ("bob", "speaker"),
    ]  # fmt: skip


def test_who_is_on_two_stages_has_one_entry_where_he_or_she_hosts() -> None:
    ana, bo, viewer = map(someone, ("ana", "bob", "viewer"))
    follow(viewer, bo)
    own = live_room(bo)
    other = live_room(ana, bo)
    give_seat(other, bo, by=ana)
    (entry,) = tray(viewer)

    assert (entry["role"], entry["room"]["id"]) == ("host", public("room", own))


def test_it_follows_the_stage() -> None:
    ana, bo, viewer = map(someone, ("ana", "bob", "viewer"))
    follow(viewer, bo)
    room = live_room(ana, bo)
    assert shown(viewer) == []

    give_seat(room, bo, by=ana)
    assert shown(viewer) == [("bob", "speaker")]
    commands.appoint_cohost(room_id=room, account_id=bo, by=ana)
    assert shown(viewer) == [("bob", "cohost")]
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    assert shown(viewer) == [("bob", "host")]
    commands.end(room_id=room, by=bo)
    assert shown(viewer) == []


def test_a_room_that_has_not_started_is_in_no_tray() -> None:
    ana, viewer = someone("ana"), someone("viewer")
    follow(viewer, ana)
    room = commands.open_room(host_id=ana, title="Tea").entity_id
    assert shown(viewer) == []

    commands.start(room_id=room, by=ana)
    assert shown(viewer) == [("ana", "host")]
    accounts.unfollow(follower_id=viewer, followee_id=ana)
    assert shown(viewer) == []


@pytest.mark.parametrize("policy", list(AudiencePolicy))
def test_only_rooms_that_the_viewer_may_enter_are_shown(policy: AudiencePolicy) -> None:
    """Each of these follows bo, who speaks in ana's room."""
    ana, bo = someone("ana"), someone("bob")
    ways = ("stranger", "follower", "invited", "guest", "asked", "removed", "blocked")
    who = {way: someone(way) for way in ways}
    follow(who["follower"], ana)
    for viewer in who.values():
        follow(viewer, bo)
    room = live_room(ana, bo)
    give_seat(room, bo, by=ana)
    for way in ("removed", "blocked"):
        commands.invite(room_id=room, account_ids=[who[way]], by=ana)
    commands.invite(room_id=room, account_ids=[who["invited"]], by=ana)
    commands.admit(room_id=room, account_id=who["guest"])
    commands.invite_to_speak(room_id=room, account_id=who["asked"], by=ana)
    commands.remove(room_id=room, account_id=who["removed"], by=ana)
    commands.block(room_id=room, account_id=who["blocked"], by=ana)
    commands.change_policies(room_id=room, by=ana, audience_policy=policy)
    catch_up()

    admitted = {
        AudiencePolicy.PUBLIC: {"stranger", "follower", "invited", "guest", "asked"},
        AudiencePolicy.FOLLOWERS: {"follower", "invited", "guest", "asked"},
        AudiencePolicy.INVITED: {"invited", "guest", "asked"},
        AudiencePolicy.TICKET: {"guest", "asked"},
    }[policy]
    assert {way for way, viewer in who.items() if shown(viewer)} == admitted


def test_whom_the_viewer_has_blocked_has_no_entry() -> None:
    ana, bo, viewer = map(someone, ("ana", "bob", "viewer"))
    follow(viewer, ana, bo)
    room = live_room(ana, bo)
    give_seat(room, bo, by=ana)
    accounts.block(blocker_id=viewer, blocked_id=bo)

    assert shown(viewer) == [("ana", "host")]


def test_who_speaks_with_somebody_that_has_blocked_the_viewer_has_no_entry() -> None:
    ana, bo, viewer = map(someone, ("ana", "bob", "viewer"))
    follow(viewer, bo)
    room = live_room(ana, bo)
    give_seat(room, bo, by=ana)
    accounts.block(blocker_id=ana, blocked_id=viewer)
    assert shown(viewer) == []

    accounts.unblock(blocker_id=ana, blocked_id=viewer)
    catch_up()
    assert shown(viewer) == [("bob", "speaker")]
