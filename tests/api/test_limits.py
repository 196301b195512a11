"""Limits over REST: told in headers, refused with a problem, counted once for each wish."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from rooms import commands
from spaces_project.kernel.ids import public
from spaces_project.kernel.limits.addresses import networks
from spaces_project.kernel.limits.counting import counters
from spaces_project.kernel.limits.table import Limit, limits_from
from spaces_project.presets import PRESETS
from tests.api.scenes import ROOMS, Caller, acc, said
from tests.projections.scenes import live_room, someone

pytestmark = pytest.mark.usefixtures("databases")
NEWCOMER = {"password": "a long made up sentence", "name": "Newcomer"}


@pytest.fixture(autouse=True)
def small_limits(settings: Settings) -> None:
    small = {"REST": "8/60", "JOINS": "2/60", "ROOMS": "2/60", "REGISTRATIONS": "2/60"}
    settings.LIMITS = limits_from({f"SPACES_LIMIT_{n}": value for n, value in small.items()})
    counters().here.storage.reset()


def test_every_answer_tells_what_is_left() -> None:
    ana = Caller(someone("ana"))

    first, second = ana.ask("GET rooms"), ana.ask("GET rooms")

    assert first["RateLimit-Policy"] == '"rest";q=8;w=60'
    assert re.fullmatch(r'"rest";r=7;t=\d+', first["RateLimit"])
    assert re.fullmatch(r'"rest";r=6;t=\d+', second["RateLimit"])


def test_one_request_too_many_is_refused_with_the_time_to_wait() -> None:
    ana, bo = Caller(someone("ana")), Caller(someone("bo_b"))

    answers = [ana.ask("GET rooms").status_code for _ in range(8)]
    refused = [ana.ask("GET rooms") for _ in range(100)]

    assert answers == [200] * 8
    assert {said(answer) for answer in refused} == {(429, "too-many-requests")}
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert refused[0].json()["retry_after_s"] == int(refused[0]["Retry-After"])
    assert refused[0]["RateLimit"].startswith('"rest";r=0;t=')
    assert bo.ask("GET rooms").status_code == 200


def test_a_token_that_is_none_counts_for_its_address() -> None:
    caller = Client()
    for token in range(8):
        caller.get(ROOMS, headers={"Authorization": f"Bearer {token}"})

    refused = caller.get(ROOMS, headers={"Authorization": "Bearer another"})
    elsewhere = caller.get(ROOMS, REMOTE_ADDR="203.0.113.9")

    assert said(refused) == (429, "too-many-requests")
    assert elsewhere.status_code == 401


def test_a_forged_address_is_not_believed(settings: Settings) -> None:
    for number in range(8):
        Client().get(ROOMS, headers={"X-Forwarded-For": f"198.51.100.{number}"})

    assert Client().get(ROOMS, headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 429
    settings.TRUSTED_PROXIES = networks("127.0.0.1")
    assert Client().get(ROOMS, headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 401


def test_joins_are_counted_for_each_account_and_repetitions_once() -> None:
    ana, bo, cy = someone("ana"), Caller(someone("bo_b")), Caller(someone("cy_c"))
    path = f"rooms/{public('room', live_room(ana))}/join"
    keyed = [bo.ask(f"POST {path}", Idempotency_Key="one") for _ in range(3)]
    again = bo.ask(f"POST {path}")
    refused = bo.ask(f"POST {path}")
    repeated = bo.ask(f"POST {path}", Idempotency_Key="one")

    assert [answer.status_code for answer in keyed] == [200] * 3
    assert again.status_code == 200
    assert '"joins";r=0' in again["RateLimit"]
    assert said(refused) == (429, "too-many-requests")
    assert refused.json()["limit"] == "joins"
    assert repeated.status_code == 200
    assert repeated["Idempotent-Replayed"] == "true"
    assert cy.ask(f"POST {path}").status_code == 200


def test_calls_that_invite_are_counted_whoever_is_invited(settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "invitations": Limit("invitations", 2, 60)}
    host, bo = someone("ana"), someone("bo_b")
    path = f"POST rooms/{public('room', live_room(host))}/invitations"
    ana, wish = Caller(host), {"account_ids": [acc(bo)]}
    invited = [ana.ask(path, each) for each in (wish, {**wish, "to": "speak"})]
    refused = ana.ask(path, wish)

    assert [answer.status_code for answer in invited] == [200, 200]
    assert said(refused) == (429, "too-many-requests")


def test_rooms_and_registrations_have_limits(settings: Settings) -> None:
    settings.PRESET = PRESETS["classic"]
    ana = Caller(someone("ana"))
    opened = [ana.ask("POST rooms", {"title": "Talk"}).status_code for _ in range(3)]
    registered = [
        Client().post(
            "/api/v1/accounts",
            {**NEWCOMER, "handle": f"newcomer_{n}"},
            content_type="application/json",
        )
        for n in range(3)
    ]

    assert opened == [201, 201, 429]
    assert [answer.status_code for answer in registered] == [201, 201, 429]


def test_passwords_are_tried_only_so_often_from_one_address(settings: Settings) -> None:
    settings.LIMITS = limits_from({"SPACES_LIMIT_SIGN_INS": "2/60"})
    tries = [{"handle": f"nobody_{n}", "password": "whatever it is"} for n in range(3)]

    def signs_in(proof: dict[str, str], **where: str) -> int:
        return Client().post("/api/v1/tokens", proof, "application/json", **where).status_code  # type: ignore[arg-type]

    assert [signs_in(proof) for proof in tries] == [401, 401, 429]
    assert signs_in(tries[2], REMOTE_ADDR="203.0.113.9") == 401
    assert signs_in({"code": "nonsense"}) == 401


def test_pages_are_not_counted() -> None:
    assert "RateLimit" not in Client().get("/problems")


def test_who_comes_in_by_an_invitation_is_counted_too() -> None:
    bo, ana = someone("bo_by"), someone("ana_by")
    room_id = live_room(ana)
    room = public("room", room_id)
    commands.invite(room_id=room_id, account_ids=[bo], by=ana)
    caller = Caller(bo)

    def accepts() -> int:
        status: int = caller.ask(f"POST rooms/{room}/invitations/accept").status_code
        caller.ask(f"POST rooms/{room}/leave")
        return status

    assert [accepts(), accepts(), accepts()] == [200, 200, 429]
