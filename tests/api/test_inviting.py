"""Invitations, co-hosts, pins and the card over REST: what is answered, what is refused."""

from typing import Any

import pytest

from tests.api.scenes import Evening, acc, said
from tests.projections.scenes import see, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_chosen_people_are_invited_and_leaders_alone_see_whom(evening: Evening) -> None:
    flo = acc(evening.flo)
    invited = evening.host.ask(f"POST {evening.path}/invitations", {"account_ids": [flo, flo]})
    see()
    shown = {
        role: evening.by_role[role].ask(f"GET {evening.path}").json()["invited_user_ids"]
        for role in ("host", "listener", "stranger")
    }

    assert invited.json()["to"] == "room"
    assert [person["account_id"] for person in invited.json()["results"]] == [flo]
    assert shown == {"host": [flo], "listener": [], "stranger": []}
    assert evening.stranger.ask(f"GET {evening.path}").json()["viewer"]["role"] == "invited"


def test_an_offer_of_a_seat_is_accepted_from_outside(evening: Evening) -> None:
    flo, path = acc(evening.flo), f"{evening.path}/invitations"
    asked = evening.host.ask(f"POST {path}", {"account_ids": [flo], "to": "speak"}).json()
    see()
    offered = evening.host.ask(f"GET {evening.path}").json()["speak_invitations"]
    viewer = evening.stranger.ask(f"GET {evening.path}").json()["viewer"]
    accepted = evening.stranger.ask(f"POST {path}/accept").json()

    assert [(o["account_id"], o["expires_at"]) for o in offered] == [(flo, asked["expires_at"])]
    assert viewer["speak_invitation"] == {"expires_at": asked["expires_at"], "by": acc(evening.ana)}
    assert {"accept_invitation", "decline_invitation"} <= set(viewer["can"])
    assert (accepted["present"], accepted["on_stage"], accepted["speak_invitation"]) == (
        True, True, None,
    )  # fmt: skip
    assert said(evening.stranger.ask(f"POST {path}/accept")) == (409, "not-invited")


@pytest.mark.parametrize(
    "wish",
    [
        {}, {"followers": False}, {"followers": True, "account_ids": ["{flo}"]},
        {"account_ids": []}, {"account_ids": ["{flo}", "{cy}"], "to": "speak"},
        {"followers": True, "to": "speak"}, {"account_ids": "{flo}"}, {"to": "dance"},
    ],
)  # fmt: skip
def test_an_invitation_that_cannot_be_meant_is_refused(
    evening: Evening, wish: dict[str, Any]
) -> None:
    before = topics(evening.room_id)
    names = {"{flo}": acc(evening.flo), "{cy}": acc(evening.cy)}
    body = {
        name: [names[each] for each in value] if isinstance(value, list) else value
        for name, value in wish.items()
    }

    assert said(evening.host.ask(f"POST {evening.path}/invitations", body))[0] == 400
    assert topics(evening.room_id) == before


def test_invitations_are_told_to_leaders_and_the_person_only(evening: Evening) -> None:
    evening.host.ask(f"POST {evening.path}/invitations", {"account_ids": [acc(evening.flo)]})
    told = {
        role: evening.by_role[role].ask(f"GET {evening.path}/events").json()["events"][-1]
        for role in ("host", "stranger", "listener", "speaker")
    }
    seq = told["host"]["seq"]

    assert told["host"] == told["stranger"]
    assert told["host"]["type"] == "person.invited"
    assert told["listener"] == told["speaker"] == {"type": "redacted", "seq": seq}


def test_a_card_and_policies_change_together_or_not_at_all(evening: Evening) -> None:
    before = topics(evening.room_id)
    wish = {"title": "t" * 71, "speak_policy": "invited"}
    assert said(evening.host.ask(f"PATCH {evening.path}", wish)) == (400, "bad-text")
    assert topics(evening.room_id) == before
    changed = evening.host.ask(f"PATCH {evening.path}", wish | {"title": "Coffee"}).json()

    assert (changed["title"], changed["speak_policy"]) == ("Coffee", "invited")
    assert topics(evening.room_id)[len(before) :] == ["TitleChanged", "PoliciesChanged"]


def test_a_pin_has_an_address_under_which_it_is_taken_down(evening: Evening) -> None:
    link = {"text": "", "url": "https://example.org/tea"}
    pinned = evening.host.ask(f"POST {evening.path}/pins", link)
    (pin,) = pinned.json()["pins"]
    address = pinned["Location"].removeprefix("/api/v1/")
    see()
    (shown,) = evening.listener.ask(f"GET {evening.path}").json()["pins"]

    assert (pin["url"], pin["pinned_by"]) == (link["url"], acc(evening.ana))
    assert shown == pin
    assert address.endswith(f"/pins/{pin['pin_id']}")
    assert evening.host.ask(f"DELETE {address}").json()["pins"] == []
    assert said(evening.host.ask(f"DELETE {address}")) == (404, "pin-not-found")


def test_a_host_hands_over_and_is_a_cohost_from_then_on(evening: Evening) -> None:
    handed = evening.host.ask(f"POST {evening.path}/handover", {"account_id": acc(evening.bo)})
    body = handed.json()

    assert (body["host_id"], body["creator_id"]) == (acc(evening.bo), acc(evening.ana))
    assert (body["cohost_ids"], body["host_ids"][0]) == ([acc(evening.ana)], acc(evening.bo))
    assert said(evening.host.ask(f"POST {evening.path}/end")) == (403, "host-only")


@pytest.mark.parametrize("query", ["", "?seq=0", "?seq=x", "?t=noon", "?seq=1&t=x", "?at=1"])
def test_a_moment_that_cannot_be_meant_is_refused(evening: Evening, query: str) -> None:
    assert said(evening.host.ask(f"GET {evening.path}/at{query}")) == (400, "invalid-request")
