"""Endpoints over REST: whose they are, how many, what is shown, what is kept."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import Settings

from accounts import commands as accounts
from accounts.api_keys import NEVER
from spaces_project.kernel.authentication import identify
from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.keys.store import KeyDestroyed, key_store
from spaces_project.kernel.limits.table import limits_from
from spaces_project.kernel.revocations import revocations
from spaces_project.kernel.webhooks import endpoints
from spaces_project.kernel.webhooks.models import EndpointRow
from tests.accounts.people import client
from tests.webhooks.scenes import (
    ENDPOINTS,
    ask,
    endpoint,
    feed,
    operators_key,
    people,
    room_of,
    with_key,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
URL = "http://127.0.0.1:9999/hook?token=hush"
EVERY = ("GET {}", "PATCH {}", "DELETE {}", "POST {}/test", "POST {}/replay", "POST {}/rotate",
         "POST {}/resume", "GET {}/deliveries")  # fmt: skip


def test_the_secret_is_shown_once_and_nothing_of_it_stands_in_the_table() -> None:
    (ana,) = people(1)
    made = endpoint(ana, URL)

    assert made["secret"].startswith("whsec_")
    shown = ask(ana, f"GET {made['id']}").json()
    assert "secret" not in shown
    assert shown == {k: v for k, v in made.items() if k != "secret"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM webhook_endpoints e")
        ((kept,),) = cursor.fetchall()
    for word in ("hush", "127.0.0.1", made["secret"], made["secret"].removeprefix("whsec_")):
        assert word not in kept
        assert word.encode().hex() not in kept


@pytest.mark.parametrize("line", EVERY)
def test_somebody_elses_endpoint_is_not_there(line: str) -> None:
    ana, bo = people(2)
    made = endpoint(ana, URL)
    wish = {"room_id": public("room", uuid4())} if "replay" in line else None

    answers = [
        ask(bo, line.format(made["id"]), wish),
        ask(ana, line.format(public("whe", uuid4())), wish),
        ask(ana, line.format("nonsense"), wish),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "not-found")] * 3
    assert ask(ana, f"GET {made['id']}").status_code == 200


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"url": URL, "types": ["room.exploded"]},
        {"url": URL, "types": "room.started"},
        {"url": URL, "secret": "whsec_mine"},
        {"url": "https://10.0.0.1/"},
        {"url": 7},
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused(wish: dict[str, object]) -> None:
    answer = client(people(1)[0]).post(ENDPOINTS, wish, format="json")

    assert answer.status_code == 400


def test_an_owner_has_so_many_endpoints_and_no_more(settings: Settings) -> None:
    settings.WEBHOOK_ENDPOINTS = 3
    ana, bo = people(2)
    made = [endpoint(ana, URL) for _ in range(3)]

    refused = client(ana).post(ENDPOINTS, {"url": URL}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-endpoints")
    endpoint(bo, URL)
    assert ask(ana, f"DELETE {made[0]['id']}").status_code == 204
    endpoint(ana, URL)


def test_a_lost_answer_is_given_again_under_the_same_key() -> None:
    (ana,) = people(1)

    def post(url: str) -> tuple[int, dict[str, object]]:
        answer = client(ana).post(
            ENDPOINTS, {"url": url}, format="json", headers={"Idempotency-Key": "k1"}
        )
        return answer.status_code, answer.json()

    first, again, other = post(URL), post(URL), post(f"{URL}2")

    assert first == again
    assert first[0] == 201
    assert (other[0], other[1]["code"]) == (422, "idempotency-key-reused")
    assert len(client(ana).get(ENDPOINTS).json()["results"]) == 1


def test_the_list_has_pages_and_only_ones_own(settings: Settings) -> None:
    ana, bo = people(2)
    made = [endpoint(ana, URL)["id"] for _ in range(3)]
    endpoint(bo, URL)

    first = client(ana).get(f"{ENDPOINTS}?limit=2").json()
    second = client(ana).get(first["next"].removeprefix(settings.BASE_URL)).json()

    assert [each["id"] for each in first["results"] + second["results"]] == made[::-1]
    assert second["next"] is None


def test_address_and_types_change_and_the_secret_stays() -> None:
    (ana,) = people(1)
    made = endpoint(ana, URL)

    answer = ask(ana, f"PATCH {made['id']}", {"url": f"{URL}2", "types": ["room.ended"]})

    assert (answer.json()["url"], answer.json()["types"]) == (f"{URL}2", ["room.ended"])
    assert ask(ana, f"PATCH {made['id']}", {"url": "https://[::1]/"}).status_code == 400
    assert ask(ana, f"GET {made['id']}").json()["url"] == f"{URL}2"


def test_a_deleted_endpoint_leaves_nothing_and_its_key_is_destroyed() -> None:
    (ana,) = people(1)
    made = endpoint(ana, URL)

    ask(ana, f"DELETE {made['id']}")

    with pytest.raises(KeyDestroyed):
        key_store().for_reading(parse("whe", made["id"]))
    assert ask(ana, f"GET {made['id']}").status_code == 404


def test_a_replay_from_the_future_is_refused() -> None:
    (ana,) = people(1)
    made = endpoint(ana, URL)
    wish = {"room_id": public("room", room_of(ana)), "after": 1_000}

    too_early = ask(ana, f"POST {made['id']}/replay", wish)
    feed()
    answer = ask(ana, f"POST {made['id']}/replay", wish)
    assert too_early.status_code == 404  # the feed had not heard of the room yet
    assert (answer.status_code, answer.json()["code"]) == (400, "nothing-to-replay")


def test_a_key_needs_the_scope_and_one_for_all_rooms_has_endpoints_of_its_own() -> None:
    (ana,) = people(1)
    theirs = endpoint(ana, URL)["id"]

    def ids(secret: str) -> tuple[int, list[str]]:
        answer = with_key(secret).get(ENDPOINTS)
        return answer.status_code, [each["id"] for each in answer.json().get("results", ())]

    def own_key(*scopes: str) -> str:
        return accounts.make_key(account_id=ana, name="bot", scopes=scopes).secret

    assert ids(own_key("webhooks")) == (200, [theirs])
    assert ids(own_key("rooms:read")) == (403, [])
    assert ids(operators_key("webhooks:all")) == (200, [])
    assert ids(operators_key("act:any")) == (403, [])


def test_the_operator_lists_disables_and_resumes_endpoints() -> None:
    (ana,) = people(1)
    made = endpoint(ana, URL)["id"]

    def said(*words: str) -> str:
        out = StringIO()
        call_command("webhooks", *words, stdout=out)
        return out.getvalue()

    assert f"{made} of {public('acc', ana)}, enabled, 0 rooms held" in said()
    assert "hush" not in said()
    said("--disable", made)
    assert "disabled: the operator disabled it" in said()
    assert ask(ana, f"GET {made}").json()["state"] == "disabled"
    said("--resume", made)
    assert ask(ana, f"GET {made}").json()["state"] == "enabled"
    with pytest.raises(CommandError):
        said("--resume", "whe_nonsense")


def test_what_was_deleted_is_not_made_again_by_a_late_repetition() -> None:
    (ana,) = people(1)
    wish, headers = {"url": URL}, {"Idempotency-Key": "k2"}
    made = client(ana).post(ENDPOINTS, wish, format="json", headers=headers).json()
    ask(ana, f"DELETE {made['id']}")

    again = client(ana).post(ENDPOINTS, wish, format="json", headers=headers)

    assert (again.status_code, again.json()["code"]) == (410, "forgotten")
    assert client(ana).get(ENDPOINTS).json()["results"] == []


def test_an_endpoint_for_all_rooms_ends_with_its_key_however_that_was_revoked() -> None:
    secret = operators_key("webhooks:all")
    made = with_key(secret).post(ENDPOINTS, {"url": URL}, format="json").json()
    endpoint_id, key_id = parse("whe", made["id"]), identify(secret).credential
    assert key_id is not None
    assert endpoints.callable_now(endpoint_id) is not None

    revocations().revoke(key_id, NEVER)  # and then the process died

    assert endpoints.callable_now(endpoint_id) is None
    assert EndpointRow.objects.get(id=endpoint_id).disabled_because == "its key was revoked"
    revocations.forget()


@pytest.mark.parametrize("line", ["test", "replay"])
def test_what_is_sent_on_demand_has_a_limit_over_all_endpoints_of_an_owner(
    settings: Settings, line: str
) -> None:
    settings.LIMITS = limits_from({f"SPACES_LIMIT_WEBHOOK_{line.upper()}S": "2/60"})
    ana, bo = people(2)
    of_ana, of_bo = [endpoint(ana, URL)["id"] for _ in range(3)], endpoint(bo, URL)["id"]
    wish = {"room_id": public("room", room_of(ana)), "after": 0} if line == "replay" else None
    feed()

    answers = [ask(ana, f"POST {each}/{line}", wish) for each in of_ana]
    others = ask(bo, f"POST {of_bo}/{line}", wish)

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].json()["limit"] == f"webhook-{line}s"
    assert int(answers[2]["Retry-After"]) >= 1
    assert others.status_code == (202 if line == "test" else 404)
    if line == "test":
        with connection.cursor() as cursor:
            cursor.execute("SELECT endpoint_id FROM webhook_lines WHERE wanted_seq > told_seq")
            asked = {public("whe", row[0]) for row in cursor.fetchall()}
        assert asked == {*of_ana[:2], of_bo}
