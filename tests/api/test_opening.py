"""Opening rooms over REST: the room object, its limits, and who may host under which preset."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from accounts.models import Person
from rooms import queries
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.log.event_log import event_log
from spaces_project.presets import PRESETS
from tests.api.scenes import Caller, Evening, acc, said
from tests.projections.scenes import see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ANSWERED = {
    "id", "state", "title", "description", "creator_id", "host_ids", "speaker_ids", "topic_ids",
    "audience_policy", "speak_policy", "stage_size", "created_at", "updated_at", "started_at",
    "ended_at", "is_ticketed", "is_recorded", "lang", "seats", "seq", "scheduled_start",
    "invited_user_ids", "subscriber_count", "host_id", "cohost_ids", "pins", "ending_at",
}  # fmt: skip
SHOWN = ANSWERED | {
    "participant_count", "hand_count", "hands", "listeners", "speak_invitations", "viewer",
}  # fmt: skip
VIEWER = {
    "account_id", "role", "can", "hand_position", "hand_raised_at", "may_ask_from", "invited",
    "speak_invitation", "warnings",
}  # fmt: skip
WISH = {
    "title": " Tea ", "description": "Green\nand black", "topic_ids": ["tea", "talk"],
    "audience_policy": "followers", "speak_policy": "followed_by_host",
}  # fmt: skip


def test_opening_answers_with_the_room_and_its_address() -> None:
    ana = someone("ana")
    response = Caller(ana).ask("POST rooms", WISH)
    body = response.json()

    assert response.status_code == 201
    assert set(body) == ANSWERED
    assert response["Location"] == f"/api/v1/rooms/{body['id']}"
    assert response["ETag"] == '"1"'
    assert int(response["Position"]) == event_log().head()
    assert {k: body[k] for k in WISH} == WISH | {"title": "Tea"}
    assert (body["state"], body["started_at"], body["ended_at"]) == ("scheduled", None, None)
    assert (body["creator_id"], body["host_ids"], body["speaker_ids"]) == (acc(ana), [acc(ana)], [])
    assert (body["is_ticketed"], body["is_recorded"], body["lang"]) == (False, False, None)
    assert (body["scheduled_start"], body["invited_user_ids"], body["subscriber_count"]) == (
        None, [], 0,
    )  # fmt: skip
    assert (body["stage_size"], body["seq"]) == (13, 1)
    assert body["seats"] == [
        {"account_id": acc(ana), "name": "Ana", "handle": "ana", "role": "host", "muted": True,
         "muted_by": None}
    ]  # fmt: skip
    assert datetime.fromisoformat(body["created_at"]).tzinfo == UTC


def test_a_room_is_shown_with_everybody_in_it() -> None:
    evening = Evening()
    evening.listener.ask(f"POST {evening.path}/hands")
    see()
    body = evening.host.ask(f"GET {evening.path}").json()

    assert set(body) == SHOWN
    assert (body["id"], body["state"], body["description"]) == (evening.id, "live", "Green")
    assert [seat["account_id"] for seat in body["seats"]] == [acc(evening.ana), acc(evening.bo)]
    assert body["speaker_ids"] == [acc(evening.bo)]
    (hand,) = body["hands"]
    assert set(hand) == {"account_id", "name", "handle", "raised_at", "position"}
    assert (hand["account_id"], hand["position"]) == (acc(evening.cy), 1)
    assert body["hand_count"] == 1
    assert set(body["viewer"]) == VIEWER
    assert [seat["away"] for seat in body["seats"]] == [True, False]
    assert [set(listener) for listener in body["listeners"]] == [{"account_id", "name", "handle"}]
    assert [listener["account_id"] for listener in body["listeners"]] == [acc(evening.cy)]
    assert body["participant_count"] == 2
    assert body["seq"] == queries.last_seq(evening.room_id)


@pytest.mark.parametrize(
    ("role", "is_shown", "may"),
    [
        ("stranger", None, {"join"}),
        ("listener", "listener", {"leave", "listen", "react", "raise_hand"}),
        ("speaker", "speaker", {"leave", "listen", "react", "speak", "unmute_self", "step_down"}),
        ("removed", "removed", set()),
        (
            "host",
            "host",
            {"join", "listen", "speak", "unmute_self", "end", "change_policies",
             "change_card", "block", "lift_removal", "invite", "invite_followers",
             "invite_to_speak", "pin", "appoint_cohost", "dismiss_cohost", "hand_over",
             "promote", "demote", "mute", "mute_all", "remove"},
        ),
    ],
)  # fmt: skip
def test_a_viewer_is_told_what_he_or_she_is_and_may(
    role: str, is_shown: str | None, may: set[str]
) -> None:
    evening = Evening()
    viewer = evening.by_role[role].ask(f"GET {evening.path}").json()["viewer"]

    assert viewer["role"] == is_shown
    assert set(viewer["can"]) == may
    assert len(viewer["can"]) == len(may)


@pytest.mark.parametrize(
    ("change", "code", "pointers"),
    [
        ({"title": ""}, "invalid-request", {"/title"}),
        ({"title": "   "}, "bad-text", set()),
        ({"title": "t" * 71}, "bad-text", set()),
        ({"title": "a\x07b"}, "bad-text", set()),
        ({"title": 7.5}, "invalid-request", {"/title"}),
        ({"title": ["Tea"]}, "invalid-request", {"/title"}),
        ({"title": None}, "invalid-request", {"/title"}),
        ({"description": "d" * 1001}, "bad-text", set()),
        ({"topic_ids": ["a", "b", "c", "d"]}, "too-many-topics", set()),
        ({"topic_ids": ["a", "a"]}, "too-many-topics", set()),
        ({"topic_ids": ["a b"]}, "invalid-request", {"/topic_ids/0"}),
        ({"topic_ids": [7]}, "invalid-request", {"/topic_ids/0"}),
        ({"topic_ids": "tea"}, "invalid-request", {"/topic_ids"}),
        ({"audience_policy": "nobody"}, "invalid-request", {"/audience_policy"}),
        ({"speak_policy": None}, "invalid-request", {"/speak_policy"}),
        ({"host_id": "me", "state": "live"}, "invalid-request", {"/host_id", "/state"}),
    ],
)
def test_a_wrong_member_is_refused(
    change: dict[str, Any], code: str, pointers: Iterable[str]
) -> None:
    ana = someone("ana")
    before = event_log().head()
    response = Caller(ana).ask("POST rooms", {"title": "Tea"} | change)

    assert said(response) == (400, code)
    assert {error["pointer"] for error in response.json().get("errors", ())} == pointers
    assert event_log().head() == before


@pytest.mark.parametrize("body", [b"{", b"[]", b'"Tea"', b"\xff", b'{"title":"a\\ud800"}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    caller = Caller(someone("ana"))
    response = caller.client.post("/api/v1/rooms", body, content_type="application/json")

    assert said(response) == (400, "invalid-request")


def follow(account_id: UUID, followers: int) -> None:
    """Let an account have so many followers, as far as the views know."""
    Person.objects.filter(id=account_id).update(follower_count=followers)


@pytest.mark.parametrize(("followers", "status"), [(599, 403), (600, 201), (601, 201)])
def test_under_launch_one_needs_600_followers(
    settings: Settings, followers: int, status: int
) -> None:
    settings.PRESET = PRESETS["launch"]
    ana = someone("ana")
    follow(ana, followers)
    response = Caller(ana).ask("POST rooms", {"title": "Tea"})

    assert response.status_code == status
    if status == 201:
        assert response.json()["stage_size"] == 12
        return
    assert said(response) == (403, "may-not-host")
    assert (response.json()["followers"], response.json()["followers_needed"]) == (599, 600)


def test_under_classic_everybody_hosts() -> None:
    assert Caller(someone("ana")).ask("POST rooms", {"title": "Tea"}).status_code == 201


def test_under_beta_only_the_test_group_hosts(settings: Settings) -> None:
    settings.PRESET = PRESETS["beta"]
    ana, bo = someone("ana"), someone("bob")
    settings.TEST_GROUP = frozenset({acc(ana)})
    follow(bo, 5000)
    chosen, other = (Caller(who).ask("POST rooms", {"title": "Tea"}) for who in (ana, bo))

    assert (chosen.status_code, chosen.json()["stage_size"]) == (201, 11)
    assert said(other) == (403, "may-not-host")
    assert other.json()["test_group_only"] is True


def test_the_reason_why_one_may_host_is_recorded(settings: Settings) -> None:
    settings.PRESET = PRESETS["launch"]
    ana = someone("ana")
    follow(ana, 612)
    room = Caller(ana).ask("POST rooms", {"title": "Tea"}).json()["id"]
    (created,) = queries.events_of(parse("room", room), after=0, limit=10)

    eligibility = created.event.eligibility  # type: ignore[attr-defined]
    assert (eligibility.preset, eligibility.followers) == ("launch", 612)
    assert public("room", created.event.originator_id) == room
