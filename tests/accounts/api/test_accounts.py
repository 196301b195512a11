"""Accounts over REST: join, look up, change, with every refusal."""

from typing import Any
from uuid import uuid4

import pytest

from accounts import commands
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import event_log
from tests.accounts.people import PASSWORD, catch_up, client, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ACCOUNTS = "/api/v1/accounts"
ME = f"{ACCOUNTS}/me"
ANA_JOINS = {"handle": "Ana", "name": "Ana", "password": PASSWORD}


def join(body: Any = None, key: str | None = None, **headers: str) -> Any:
    if key:
        headers["Idempotency-Key"] = key
    return client().post(ACCOUNTS, body or ANA_JOINS, format="json", headers=headers)


def pointers(response: Any) -> set[str]:
    return {error["pointer"] for error in response.json()["errors"]}


def test_joining_answers_with_the_account_and_a_token() -> None:
    response = join()
    body = response.json()

    assert response.status_code == 201
    assert body["handle"] == "ana"
    assert set(body) == {
        "id", "handle", "name", "bio", "protected", "follower_count", "following_count",
        "viewer",
        "token", "expires_at",
    }  # fmt: skip
    assert body["viewer"] == {"follows": False, "blocks": False}
    assert body["expires_at"].endswith("Z")
    assert response["Location"] == f"{ACCOUNTS}/{body['id']}"
    assert response["Cache-Control"] == "no-store"
    assert (response["ETag"], response["Position"]) == ('"1"', str(event_log().head()))
    me = client()
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
    assert me.get(ME).json()["id"] == body["id"]


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"handle": "a b"}, 400, "handle-not-allowed", "/handle"),
        ({"handle": "admin"}, 400, "handle-not-allowed", "/handle"),
        ({"handle": 7}, 400, "invalid-request", "/handle"),
        ({"handle": None}, 400, "invalid-request", "/handle"),
        ({"name": "a\nb"}, 400, "name-not-allowed", "/name"),
        ({"name": "n" * 51}, 400, "name-not-allowed", "/name"),
        ({"name": ["Ana"]}, 400, "invalid-request", "/name"),
        ({"password": "short"}, 400, "password-not-allowed", "/password"),
        ({"password": "p" * 3000}, 400, "invalid-request", "/password"),
        ({"colour": "blue"}, 400, "invalid-request", "/colour"),
    ],
)
def test_a_wrong_member_is_pointed_at(
    change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    response = join(ANA_JOINS | change)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert pointers(response) == {pointer}
    assert topics() == []


def test_every_missing_member_is_pointed_at() -> None:
    response = client().post(ACCOUNTS, {}, format="json")

    assert pointers(response) == {"/handle", "/name", "/password"}


def test_a_taken_handle_is_refused() -> None:
    someone("ana")
    response = join()

    assert (response.status_code, response.json()["code"]) == (409, "handle-taken")
    assert pointers(response) == {"/handle"}


def test_an_old_token_does_not_keep_anybody_from_joining() -> None:
    assert join(Authorization="Bearer nonsense").status_code == 201


def test_a_retry_answers_the_same_account_and_says_so() -> None:
    first, again = join(key="one"), join(key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    differ = {"token", "expires_at"}
    assert {k: v for k, v in first.json().items() if k not in differ} == {
        k: v for k, v in again.json().items() if k not in differ
    }
    assert topics() == ["Registered", "HandleClaimed"]


def test_a_key_belongs_to_one_wish() -> None:
    join(key="one")
    response = join(ANA_JOINS | {"handle": "another"}, key="one")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")


def test_a_retry_with_a_password_that_was_changed_since_opens_nothing() -> None:
    first = join(key="one").json()
    commands.set_password(account_id=parse("acc", first["id"]), password="a newer password")
    response = join(key="one")

    assert (response.status_code, response.json()["code"]) == (401, "wrong-credentials")


@pytest.mark.parametrize("path", [ME, f"{ACCOUNTS}?handle=ana", f"{ACCOUNTS}/acc_x"])
def test_strangers_see_nobody(path: str) -> None:
    response = client().get(path)

    assert (response.status_code, response.json()["code"]) == (401, "not-authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_outlives_its_account_in_vain() -> None:
    ana, bo = someone("ana"), someone("bob")
    signed_in, other = client(ana), client(bo)
    catch_up()
    key_store().destroy(ana)
    response = signed_in.get(ME)

    assert (response.status_code, response.json()["code"]) == (401, "not-authenticated")
    assert other.get(f"{ACCOUNTS}/{public('acc', ana)}").status_code == 404
    assert other.get(f"{ACCOUNTS}?handle=ana").json()["results"] == []


def test_one_changes_name_and_bio_and_reads_it_at_once() -> None:
    me = client(someone("ana", "Ana"))
    response = me.patch(ME, {"bio": "Talks about bees."}, format="json")

    assert (response.status_code, response["ETag"]) == (200, '"2"')
    assert response.json()["bio"] == "Talks about bees."
    assert response.json()["name"] == "Ana"
    assert me.get(ME).json() == response.json()
    assert me.get(ME)["ETag"] == '"2"'
    assert me.patch(ME, {"bio": ""}, format="json").json()["bio"] == ""


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"name": ""}, "invalid-request", "/name"),
        ({"name": " "}, "name-not-allowed", "/name"),
        ({"bio": "b" * 301}, "bio-not-allowed", "/bio"),
        ({"bio": "\u0007"}, "bio-not-allowed", "/bio"),
        ({"handle": "another"}, "invalid-request", "/handle"),
    ],
)
def test_a_refused_change_changes_nothing(body: dict[str, str], code: str, pointer: str) -> None:
    response = client(someone("ana")).patch(ME, body, format="json")

    assert (response.status_code, response.json()["code"]) == (400, code)
    assert pointers(response) == {pointer}
    assert topics() == ["Registered", "HandleClaimed"]


def test_a_change_of_what_was_changed_since_is_refused() -> None:
    me = client(someone("ana"))
    me.patch(ME, {"bio": "one"}, format="json", headers={"If-Match": '"1"'})
    response = me.patch(ME, {"bio": "two"}, format="json", headers={"If-Match": '"1"'})

    assert (response.status_code, response.json()["current_version"]) == (412, 2)


def test_what_is_no_json_object_is_refused() -> None:
    me = client(someone("ana"))
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"bio=x", "application/x-www-form-urlencoded", 415),
    ):
        assert me.patch(ME, body, content_type=kind).status_code == status


def test_others_are_seen_with_their_counts() -> None:
    ana, bo = someone("ana"), someone("bob", "Bo")
    position = commands.follow(follower_id=ana, followee_id=bo).position
    catch_up()
    response = client(ana).get(
        f"{ACCOUNTS}/{public('acc', bo)}", headers={"Min-Position": str(position)}
    )

    assert response.json() == {
        "id": public("acc", bo),
        "handle": "bob",
        "name": "Bo",
        "bio": "",
        "protected": False,
        "follower_count": 1,
        "following_count": 0,
        "viewer": {"follows": True, "blocks": False},
    }


def test_who_blocked_you_and_who_never_was_look_the_same() -> None:
    ana, bo = someone("ana"), someone("bob")
    commands.block(blocker_id=ana, blocked_id=bo)
    catch_up()
    viewer = client(bo)
    there, nowhere = (
        viewer.get(f"{ACCOUNTS}/{public('acc', account_id)}") for account_id in (ana, uuid4())
    )

    assert there.status_code == nowhere.status_code == 404
    assert there.json() | {"request_id": 0} == nowhere.json() | {"request_id": 0}
    assert viewer.get(f"{ACCOUNTS}?handle=ana").json()["results"] == []
    assert client(ana).get(f"{ACCOUNTS}/{public('acc', bo)}").json()["viewer"]["blocks"]
    assert viewer.get(f"{ACCOUNTS}/room_1").status_code == 404


def test_a_handle_leads_to_its_account() -> None:
    ana = someone("ana")
    catch_up()
    me = client(ana)

    assert me.get(f"{ACCOUNTS}?handle=ANA").json() == {
        "next": None,
        "previous": None,
        "results": [me.get(ME).json()],
    }
    assert me.get(f"{ACCOUNTS}?handle=nobody").json()["results"] == []


@pytest.mark.parametrize("query", ["", "?handel=ana", "?handle=ana&limit=3"])
def test_an_unknown_or_missing_parameter_is_refused(query: str) -> None:
    response = client(someone("ana")).get(ACCOUNTS + query)

    assert (response.status_code, response.json()["code"]) == (400, "invalid-request")


@pytest.mark.parametrize(
    ("wanted", "status"), [("0", 200), ("999999", 400), ("x", 400), ("٣", 400)]
)
def test_a_reader_waits_only_for_a_position_that_is_stored(wanted: str, status: int) -> None:
    response = client(someone("ana")).get(ME, headers={"Min-Position": wanted})

    assert response.status_code == status


def test_a_reader_of_what_the_view_has_not_reached_comes_again() -> None:
    me = client(someone("ana"))
    response = me.get(ME, headers={"Min-Position": str(event_log().head())})

    assert (response.status_code, response.json()["code"]) == (503, "projection-behind")
    assert response["Retry-After"] == "1"


def test_other_methods_are_refused() -> None:
    response = client(someone("ana")).delete(ME)

    assert (response.status_code, response.json()["code"]) == (405, "method-not-allowed")
    assert "PATCH" in response["Allow"]
