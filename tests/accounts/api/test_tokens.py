"""Signing in over REST."""

from typing import Any

import pytest

from accounts import commands
from spaces_project.kernel.ids import public
from tests.accounts.people import PASSWORD, client, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def ask(**body: Any) -> Any:
    return client().post("/api/v1/tokens", body, format="json")


def test_handle_and_password_give_a_token() -> None:
    ana = someone("ana", "Ana", PASSWORD)
    response = ask(handle="Ana", password=PASSWORD)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert set(response.json()) == {"token", "expires_at", "account"}
    assert response.json()["account"]["id"] == public("acc", ana)


def test_a_code_gives_a_token_once() -> None:
    ana = someone("ana")
    code = commands.issue_sign_in_code(ana)

    assert ask(code=code).json()["account"]["id"] == public("acc", ana)
    again = ask(code=code)
    assert (again.status_code, again.json()["code"]) == (401, "sign-in-code-spent")


@pytest.mark.parametrize("handle", ["ana", "nobody", "no handle"])
def test_a_wrong_proof_is_refused(handle: str) -> None:
    someone("ana", password=PASSWORD)
    response = ask(handle=handle, password="not this one")

    assert (response.status_code, response.json()["code"]) == (401, "wrong-credentials")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_too_many_failures_bring_a_pause() -> None:
    someone("ana", password=PASSWORD)
    for _ in range(5):
        ask(handle="ana", password="not this one")
    response = ask(handle="ana", password=PASSWORD)

    assert (response.status_code, response.json()["code"]) == (429, "too-many-requests")
    assert response.json()["retry_after_s"] == 1
    assert response["Retry-After"] == "1"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"handle": "ana"},
        {"password": PASSWORD},
        {"handle": "ana", "password": PASSWORD, "code": "x"},
        {"code": ""},
        {"code": 5},
        {"code": "x", "remember": True},
    ],
)
def test_anything_but_one_proof_is_refused(body: dict[str, Any]) -> None:
    response = ask(**body)

    assert (response.status_code, response.json()["code"]) == (400, "invalid-request")


def test_an_old_token_does_not_keep_anybody_from_signing_in() -> None:
    someone("ana", password=PASSWORD)
    response = client().post(
        "/api/v1/tokens",
        {"handle": "ana", "password": PASSWORD},
        format="json",
        headers={"Authorization": "Bearer nonsense"},
    )

    assert response.status_code == 200
