"""Guests over REST: in without a name, out of nothing that takes one, and named in the end."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from accounts import commands, queries
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.limits.table import Limit
from tests.accounts.people import PASSWORD, catch_up, client, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

GUESTS = "/api/v1/accounts/guests"
ME = "/api/v1/accounts/me"
ANA = {"handle": "Ana", "name": "Ana", "password": PASSWORD}


def come(key: str | None = None) -> Any:
    return client().post(GUESTS, headers={"Idempotency-Key": key} if key else {})


def signed_in(token: str) -> Any:
    asking = client()
    asking.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return asking


def test_a_guest_comes_without_a_word_and_has_a_token() -> None:
    response = come()
    body = response.json()

    assert response.status_code == 201
    assert (body["name"], body["handle"][:6]) == ("Guest", "guest-")
    assert response["Location"] == f"/api/v1/accounts/{body['id']}"
    assert response["Cache-Control"] == "no-store"
    assert signed_in(body["token"]).get(ME).json()["id"] == body["id"]
    assert topics() == ["GuestRegistered"]


def test_a_lost_answer_is_asked_for_again_until_there_is_a_name() -> None:
    key = str(uuid4())
    first, again = come(key).json(), come(key)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first["id"]
    signed_in(first["token"]).put(f"{ME}/name", ANA, format="json")

    assert come(key).status_code == 401
    assert topics() == ["GuestRegistered", "NameChosen", "HandleClaimed"]


def test_a_key_that_can_be_guessed_is_refused() -> None:
    assert (come("1").status_code, topics()) == (400, [])


def test_an_operator_may_have_no_guests(settings: Settings) -> None:
    settings.GUESTS = False
    response = come()

    assert (response.status_code, response.json()["code"]) == (403, "no-guests")
    assert topics() == []


def test_an_address_has_so_many_guests_and_no_more(settings: Settings) -> None:
    settings.LIMITS = {"guests": Limit("guests", 1, 3600, "address")}
    key = str(uuid4())

    assert [come(key).status_code, come(key).status_code, come().status_code] == [201, 201, 429]
    assert topics() == ["GuestRegistered"]


def test_a_guest_chooses_a_name_and_is_the_same_person() -> None:
    guest = come().json()
    response = signed_in(guest["token"]).put(f"{ME}/name", ANA, format="json")
    body = response.json()

    assert (response.status_code, body["id"]) == (200, guest["id"])
    assert (body["handle"], body["name"]) == ("ana", "Ana")
    assert signed_in(body["token"]).patch(ME, {"bio": "Tea."}, format="json").status_code == 200
    account_id = commands.sign_in(handle="ana", password=PASSWORD).account.id
    assert public("acc", account_id) == guest["id"]
    catch_up()
    assert queries.people([account_id])[account_id].name == "Ana"
    assert queries.person_by_handle("ana") is not None


def test_a_refused_name_leaves_a_guest_who_may_try_again() -> None:
    someone("ana")
    asking = signed_in(come().json()["token"])
    taken = asking.put(f"{ME}/name", ANA, format="json")
    short = asking.put(f"{ME}/name", {**ANA, "handle": "bo1", "password": "short"}, format="json")

    assert (taken.status_code, taken.json()["code"]) == (409, "handle-taken")
    assert (short.status_code, short.json()["code"]) == (400, "password-not-allowed")
    assert topics() == ["Registered", "HandleClaimed", "GuestRegistered"]
    wish = {**ANA, "handle": "bo1"}
    assert asking.put(f"{ME}/name", wish, format="json").status_code == 200
    again = asking.put(f"{ME}/name", {**wish, "password": "another password"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "named-already")
    commands.sign_in(handle="bo1", password=PASSWORD)


def test_nobody_finds_a_guest_by_handle_or_word() -> None:
    guest = come().json()
    catch_up()
    asking = client(someone("bob"))
    found = asking.get(f"/api/v1/accounts?handle={guest['handle']}").json()

    assert found["results"] == []
    assert queries.people_found_by("'guest':*") == []
    assert queries.person(parse("acc", guest["id"])) is not None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"name": "Ana"}),
        ("put", "/following/{other}", {}),
        ("delete", "/following/{other}", {}),
        ("put", "/blocked/{other}", {}),
        ("delete", "/blocked/{other}", {}),
        ("post", "/api-keys", {"name": "bot", "scopes": ["rooms:read"]}),
    ],
)
def test_what_takes_a_name_is_refused_with_what_to_do(
    method: str, path: str, body: dict[str, object]
) -> None:
    other = public("acc", someone("bob"))
    asking = signed_in(come().json()["token"])
    before = topics()
    response = getattr(asking, method)(f"{ME}{path.format(other=other)}", body, format="json")

    assert (response.status_code, response.json()["code"]) == (403, "name-needed")
    assert topics() == before
