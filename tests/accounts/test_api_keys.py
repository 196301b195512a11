"""Keys of servers: made once, limited to what they were made for, worthless when taken back."""

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from rest_framework.test import APIClient

from accounts import api_keys, commands
from accounts.models import ApiKey
from spaces_project.kernel import authentication
from spaces_project.kernel.authentication import identify, issue_token
from spaces_project.kernel.clock import now
from spaces_project.kernel.ids import public
from spaces_project.kernel.refusals import NotAuthenticated
from spaces_project.kernel.revocations import Revocations, revocations
from tests.accounts.people import catch_up, client, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
KEYS = "/api/v1/accounts/me/api-keys"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    authentication._known.clear()
    yield
    authentication._known.clear()
    revocations.forget()


def key(account_id: UUID | None, *scopes: str) -> str:
    return commands.make_key(account_id=account_id, name="bot", scopes=scopes).secret


def asking(secret: str, on_behalf_of: str = "") -> APIClient:
    found = client()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    if on_behalf_of:
        headers["HTTP_ON_BEHALF_OF"] = on_behalf_of
    found.credentials(**headers)
    return found


def test_a_key_is_shown_once_and_kept_as_its_digest() -> None:
    ana = client(someone("ana"))

    made = ana.post(KEYS, {"name": "bot", "scopes": ["rooms:read"]}, format="json")
    listed = ana.get(KEYS).json()["results"]

    assert made.status_code == 201
    secret = made.json().pop("secret")
    assert secret.startswith("sk_")
    assert len(secret) == 46
    assert made["Cache-Control"] == "no-store"
    assert [each["id"] for each in listed] == [made.json()["id"]]
    assert "secret" not in listed[0]
    assert bytes(ApiKey.objects.get().digest) == hashlib.sha256(secret.encode()).digest()


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "bot"},
        {"name": "", "scopes": ["rooms:read"]},
        {"name": "bot", "scopes": []},
        {"name": "bot", "scopes": ["webhooks:all"]},
        {"name": "bot", "scopes": ["act:any"]},
        {"name": "bot", "scopes": ["rooms:read"], "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "bot", "scopes": ["rooms:read"], "account_id": "acc_1"},
    ],
)
def test_an_account_makes_no_other_keys_than_these(wish: dict[str, object]) -> None:
    answer = client(someone("ana")).post(KEYS, wish, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid-request"


def test_a_key_acts_as_its_account_within_its_scopes() -> None:
    ana = someone("ana")
    catch_up()
    asked = asking(key(ana, "accounts:read"))

    read = asked.get("/api/v1/accounts/me")
    written = asked.patch("/api/v1/accounts/me", {"name": "Eve"}, format="json")

    assert read.json()["id"] == public("acc", ana)
    assert (written.status_code, written.json()["code"]) == (403, "scope-missing")
    assert written.json()["scope"] == "accounts:write"


def test_no_key_makes_keys_whatever_its_scopes() -> None:
    secret = key(someone("ana"), *commands.OWN_SCOPES, *commands.OPERATORS_SCOPES)

    answer = asking(secret).post(KEYS, {"name": "b", "scopes": ["rooms:read"]}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


@pytest.mark.parametrize("wrong", ["sk_", "sk_" + "A" * 43, "sk_" + "ö" * 43, "sk_" + "A" * 5000])
def test_a_wrong_key_is_a_401(wrong: str) -> None:
    with pytest.raises(NotAuthenticated):
        identify(wrong)


def test_a_revoked_key_opens_nothing_and_others_go_on() -> None:
    ana = someone("ana")
    catch_up()
    one, other = key(ana, "accounts:read"), key(ana, "accounts:read")
    one_id = identify(one).credential
    assert one_id is not None

    answer = client(ana).delete(f"{KEYS}/{public('key', one_id)}")

    assert answer.status_code == 204
    assert asking(one).get("/api/v1/accounts/me").status_code == 401
    assert asking(other).get("/api/v1/accounts/me").status_code == 200


def test_what_another_process_revoked_is_noticed_with_the_next_look() -> None:
    secret = key(someone("ana"), "accounts:read")
    revocations().look()
    key_id = identify(secret).credential
    assert key_id is not None
    ApiKey.objects.filter(id=key_id).update(revoked_at=now())
    elsewhere = type(revocations())()
    elsewhere.revoke(key_id, api_keys.NEVER)
    assert identify(secret).credential == key_id  # from memory: it was looked at a moment ago

    revocations().look()

    with pytest.raises(NotAuthenticated):
        identify(secret)


def test_a_key_is_not_taken_from_memory_when_nobody_watches() -> None:
    secret = key(someone("ana"), "accounts:read")
    key_id = identify(secret).credential
    assert key_id is not None

    ApiKey.objects.filter(id=key_id).update(revoked_at=now())

    with pytest.raises(NotAuthenticated):
        identify(secret)


def test_an_expired_key_is_a_401() -> None:
    made = commands.make_key(
        account_id=someone("ana"), name="b", scopes=["media"], expires_at=now() - timedelta(days=1)
    )

    with pytest.raises(NotAuthenticated):
        identify(made.secret)


def test_somebody_elses_key_is_not_there() -> None:
    key_id = identify(key(someone("ana"), "media")).credential
    assert key_id is not None

    answer = client(someone("bob")).delete(f"{KEYS}/{public('key', key_id)}")

    assert answer.status_code == 404


def test_an_account_has_at_most_twenty_good_keys() -> None:
    ana = someone("ana")
    made = [commands.make_key(account_id=ana, name="b", scopes=["media"]) for _ in range(20)]
    wish = {"name": "b", "scopes": ["media"]}
    refused = client(ana).post(KEYS, wish, format="json")

    commands.revoke_key(key_id=made[0].key_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-keys")
    assert client(ana).post(KEYS, wish, format="json").status_code == 201


def test_only_a_key_for_anybody_acts_on_behalf_of_others() -> None:
    ana, bob = someone("ana"), someone("bob")
    catch_up()
    whom = public("acc", bob)
    limited = asking(key(ana, "accounts:read"), whom)
    person = client(ana)
    any_key = key(None, "act:any", "accounts:read")

    assert limited.get("/api/v1/accounts/me").status_code == 403
    assert person.get("/api/v1/accounts/me", HTTP_ON_BEHALF_OF=whom).status_code == 403
    assert asking(any_key, whom).get("/api/v1/accounts/me").json()["id"] == whom
    assert asking(any_key).get("/api/v1/accounts/me").status_code == 403
    nobody = asking(any_key, public("acc", uuid4())).get("/api/v1/accounts/me")
    assert nobody.status_code == 400


def test_the_operator_makes_lists_and_revokes_keys() -> None:
    someone("ana")
    catch_up()
    out = StringIO()
    call_command("api_key", "make", "bot", "--scope=webhooks:all", "--for=ana", stdout=out,
                 stderr=StringIO())  # fmt: skip
    secret = out.getvalue().strip()
    key_id = public("key", ApiKey.objects.get().id)

    listed = StringIO()
    call_command("api_key", "list", stdout=listed)
    call_command("api_key", "revoke", key_id, stdout=StringIO())

    assert key_id in listed.getvalue()
    assert secret not in listed.getvalue()
    with pytest.raises(NotAuthenticated):
        identify(secret)
    with pytest.raises(CommandError):
        call_command("api_key", "revoke", "key_nonsense")


def test_when_a_key_was_used_is_known_to_ten_minutes() -> None:
    ana = someone("ana")
    key_id = identify(key(ana, "accounts:read")).credential
    assert key_id is not None
    authentication._tell_used()
    first = ApiKey.objects.get().last_used_at

    api_keys.cupboard.were_used([key_id])

    assert first is not None
    assert ApiKey.objects.get().last_used_at == first
    assert not authentication._used


def test_who_signs_out_is_out_and_the_other_session_goes_on() -> None:
    ana = someone("ana")
    catch_up()
    one, other = client(ana), client(ana)

    answer = one.delete("/api/v1/tokens/current")

    assert answer.status_code == 204
    assert one.get("/api/v1/accounts/me").status_code == 401
    assert other.get("/api/v1/accounts/me").status_code == 200


def test_a_token_that_was_never_revoked_asks_no_database(
    django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    del django_assert_num_queries
    token = issue_token(uuid4(), frozenset(), timedelta(minutes=1))
    monkeypatch.setattr(authentication, "is_revoked_now", None)
    monkeypatch.setattr(authentication, "cupboard", None)

    assert identify(token) is identify(token)


def test_what_has_ended_by_itself_is_not_remembered_for_ever() -> None:
    known, ended, lasting = Revocations(), uuid4(), uuid4()
    known.revoke(ended, now() + timedelta(milliseconds=1))
    known.revoke(lasting, now() + timedelta(hours=1))
    time.sleep(0.01)

    known.forget_what_has_ended()

    assert (ended in known, lasting in known) == (False, True)
