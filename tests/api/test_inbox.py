"""The inbox over REST: which invitations are open, in pages, and what has been read."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts import commands as accounts
from rooms import commands
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.clock import now, rfc3339
from spaces_project.kernel.ids import public
from tests.api.scenes import Caller, acc, said
from tests.projections.scenes import catch_up, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

INBOX = "GET accounts/me/inbox"


def inbox(viewer: UUID, query: str = "") -> dict[str, Any]:
    see()
    found: dict[str, Any] = Caller(viewer).ask(f"{INBOX}{query}").json()
    return found


def kinds(viewer: UUID) -> list[str]:
    return [item["kind"] for item in inbox(viewer)["results"]]


def test_an_item_says_to_what_by_whom_and_until_when() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, title="Night trains")
    commands.invite_to_speak(room_id=room, account_id=bo, by=ana)
    found = inbox(bo)
    (item,) = found["results"]

    assert (found["next"], found["previous"], found["unread"]) == (None, None, 1)
    assert item["by"] == {"account_id": acc(ana), "name": "Ana", "handle": "ana"}
    assert item["expires_at"] == rfc3339(now().fromisoformat(item["at"]) + timedelta(seconds=60))
    assert (item["kind"], item["read"]) == ("speak", False)
    assert (item["room"]["id"], item["room"]["title"]) == (public("room", room), "Night trains")


def test_what_is_answered_or_taken_back_is_gone() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    commands.invite(room_id=room, account_ids=[bo], by=ana)
    assert kinds(bo) == ["room"]
    commands.decline_invitation(room_id=room, account_id=bo)
    assert kinds(bo) == []

    commands.invite(room_id=room, account_ids=[bo], by=ana)
    commands.cancel_invitation(room_id=room, account_id=bo, by=ana)
    assert kinds(bo) == []

    commands.invite(room_id=room, account_ids=[bo], by=ana)
    commands.join(room_id=room, account_id=bo)
    assert kinds(bo) == []
    commands.invite_to_speak(room_id=room, account_id=bo, by=ana)
    assert kinds(bo) == ["speak"]
    commands.accept_invitation(room_id=room, account_id=bo)
    assert kinds(bo) == []


def test_who_hosts_the_room_by_now_is_not_asked_to_come() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    commands.invite(room_id=room, account_ids=[bo], by=ana)
    commands.join(room_id=room, account_id=bo)
    commands.promote_speaker(room_id=room, account_id=bo, by=ana)
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    commands.leave(room_id=room, account_id=bo)

    assert kinds(bo) == []


def test_an_offer_to_speak_stands_before_the_invitation_to_the_same_room() -> None:
    ana, bo = someone("ana"), someone("bob")
    accounts.follow(follower_id=bo, followee_id=ana)
    room = live_room(ana)
    commands.invite_followers(room_id=room, by=ana)
    assert kinds(bo) == ["followers"]
    commands.invite(room_id=room, account_ids=[bo], by=ana)
    assert kinds(bo) == ["room"]
    commands.invite_to_speak(room_id=room, account_id=bo, by=ana)
    assert kinds(bo) == ["speak"]


def test_all_followers_are_invited_as_long_as_they_follow_and_the_room_goes_on() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    accounts.follow(follower_id=bo, followee_id=ana)
    room = live_room(ana)
    commands.invite_followers(room_id=room, by=ana)
    accounts.follow(follower_id=cy, followee_id=ana)
    assert [kinds(who) for who in (bo, cy)] == [["followers"], ["followers"]]

    accounts.unfollow(follower_id=cy, followee_id=ana)
    assert kinds(cy) == []
    commands.change_policies(room_id=room, by=ana, audience_policy=AudiencePolicy.INVITED)
    assert kinds(bo) == []
    commands.change_policies(room_id=room, by=ana, audience_policy=AudiencePolicy.PUBLIC)
    assert kinds(bo) == ["followers"]
    commands.end(room_id=room, by=ana)
    assert kinds(bo) == []


@pytest.mark.parametrize("put_out", [commands.remove, commands.block])
def test_who_is_put_out_is_invited_no_more(put_out: Any) -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    commands.invite(room_id=room, account_ids=[bo], by=ana)
    put_out(room_id=room, account_id=bo, by=ana)
    catch_up()

    assert kinds(bo) == []


def test_whoever_blocked_the_one_who_invites_is_not_bothered() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    commands.invite(room_id=room, account_ids=[bo], by=ana)
    accounts.block(blocker_id=bo, blocked_id=ana)

    assert kinds(bo) == []


def test_pages_lead_there_and_back_the_newest_first() -> None:
    ana, bo = someone("ana"), someone("bob")
    for n in range(5):
        room = live_room(ana, title=f"Room {n}")
        commands.invite(room_id=room, account_ids=[bo], by=ana)
    first = inbox(bo, "?limit=2")
    second = inbox(bo, "?" + first["next"].split("?")[1])
    third = inbox(bo, "?" + second["next"].split("?")[1])
    back = inbox(bo, "?" + third["previous"].split("?")[1])

    assert [
        [item["room"]["title"] for item in page["results"]] for page in (first, second, third, back)
    ] == [["Room 4", "Room 3"], ["Room 2", "Room 1"], ["Room 0"], ["Room 2", "Room 1"]]
    assert (first["previous"], third["next"]) == (None, None)
    assert {page["unread"] for page in (first, second, third)} == {5}


def test_what_was_read_is_read_and_never_unread_again() -> None:
    ana, bo = someone("ana"), someone("bob")
    commands.invite(room_id=live_room(ana), account_ids=[bo], by=ana)
    at = inbox(bo)["results"][0]["at"]
    caller = Caller(bo)
    assert caller.ask("PUT accounts/me/inbox/read", {"until": at}).json() == {"unread": 0}
    early = {"until": "2020-01-01T00:00:00Z"}
    assert caller.ask("PUT accounts/me/inbox/read", early).json() == {"unread": 0}

    commands.invite(room_id=live_room(ana), account_ids=[bo], by=ana)
    found = inbox(bo)
    assert [item["read"] for item in found["results"]] == [False, True]
    assert found["unread"] == 1


def test_nobody_reads_what_has_not_come_yet() -> None:
    ana, bo = someone("ana"), someone("bob")
    caller = Caller(bo)
    caller.ask("PUT accounts/me/inbox/read", {"until": "2999-01-01T00:00:00Z"})
    commands.invite(room_id=live_room(ana), account_ids=[bo], by=ana)

    assert inbox(bo)["unread"] == 1


@pytest.mark.parametrize(
    "query",
    ["?limit=0", "?limit=101", "?cursor=x", "?cursor=Yg==", "?cursor=%D9%A3", "?state=live"],
)
def test_a_query_that_cannot_be_meant_is_refused(query: str) -> None:
    assert said(Caller(someone("ana")).ask(f"{INBOX}{query}")) == (400, "invalid-request")


@pytest.mark.parametrize("until", [None, "", "yesterday", 7])
def test_a_time_that_is_none_is_refused(until: object) -> None:
    response = Caller(someone("ana")).ask("PUT accounts/me/inbox/read", {"until": until})

    assert said(response) == (400, "invalid-request")
