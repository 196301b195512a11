"""Registering: whole or not at all, and one handle for one person."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from accounts import commands, credentials
from accounts.commands.people import existing_account
from accounts.domain.errors import (
    AccountNotFound,
    HandleTaken,
    NameNotAllowed,
    PasswordNotAllowed,
)
from accounts.models import Credential
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import EventLog, Receipt
from spaces_project.kernel.log.wish import idempotent
from tests.accounts.people import PASSWORD, at_once, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_account_and_handle_are_stored_together() -> None:
    account_id = someone("Ana", "Ana", PASSWORD)

    assert topics() == ["Registered", "HandleClaimed"]
    assert existing_account(account_id).handle == "ana"
    assert commands.sign_in(handle="ana", password=PASSWORD).account.id == account_id


def test_a_taken_handle_is_refused_in_any_case() -> None:
    someone("ana", password=PASSWORD)
    with pytest.raises(HandleTaken):
        someone("ANA", password="another password")

    assert topics() == ["Registered", "HandleClaimed"]
    assert Credential.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"handle": "ana", "name": "", "password": PASSWORD}, NameNotAllowed),
        ({"handle": "ana", "name": "Ana", "password": "short"}, PasswordNotAllowed),
        ({"handle": "ana_ana_ana", "name": "A", "password": "Ana_ana_ana"}, PasswordNotAllowed),
    ],
)
def test_a_refused_registration_leaves_nothing(wish: dict[str, str], refusal: Any) -> None:
    with pytest.raises(refusal):
        commands.register(**wish)

    assert topics() == []
    assert not Credential.objects.exists()


def test_of_many_who_want_one_handle_exactly_one_gets_it() -> None:
    def ask(n: int) -> Callable[[], Receipt]:
        return lambda: commands.register(handle="ana", name=f"Ana {n}", password=f"{PASSWORD} {n}")

    answers = at_once([ask(n) for n in range(8)])

    winners = [n for n, answer in enumerate(answers) if isinstance(answer, Receipt)]
    assert len(winners) == 1
    assert sum(isinstance(answer, HandleTaken) for answer in answers) == 7
    assert topics() == ["Registered", "HandleClaimed"]
    session = commands.sign_in(handle="ana", password=f"{PASSWORD} {winners[0]}")
    assert session.account.name == f"Ana {winners[0]}"
    assert Credential.objects.count() == 1


def test_a_retry_gets_the_first_account() -> None:
    receipts = []
    for _ in range(2):
        with idempotent("anybody", "key", b"body"):
            receipts.append(commands.register(handle="ana", name="Ana", password=PASSWORD))

    assert receipts[0].entity_id == receipts[1].entity_id
    assert receipts[1].replayed
    assert Credential.objects.count() == 1


def test_retries_at_the_same_moment_make_one_account() -> None:
    def ask() -> Receipt:
        with idempotent("anybody", "key", b"body"):
            return commands.register(handle="ana", name="Ana", password=PASSWORD)

    answers = at_once([ask] * 4)

    assert len({answer.entity_id for answer in answers if isinstance(answer, Receipt)}) == 1
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    assert [row.account_id for row in Credential.objects.all()] == [
        next(a.entity_id for a in answers if isinstance(a, Receipt))
    ]


def test_when_the_password_cannot_be_kept_nothing_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(credentials, "make_password", lambda _: 1 / 0)
        with idempotent("anybody", "key", b"body"), pytest.raises(ZeroDivisionError):
            commands.register(handle="ana", name="Ana", password=PASSWORD)
    assert topics() == []

    with idempotent("anybody", "key", b"body"):
        commands.register(handle="ana", name="Ana", password=PASSWORD)
    commands.sign_in(handle="ana", password=PASSWORD)


def test_a_lost_answer_of_the_database_leaves_a_whole_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    append = EventLog.append
    lost: list[Receipt] = []

    def lose_the_answer(self: EventLog, *entities: Any, **options: Any) -> Receipt:
        receipt = append(self, *entities, **options)
        if not lost:
            lost.append(receipt)
            raise psycopg.OperationalError("the connection is lost")
        return receipt

    monkeypatch.setattr(EventLog, "append", lose_the_answer)
    receipt = commands.register(handle="ana", name="Ana", password=PASSWORD)

    assert receipt.entity_id == lost[0].entity_id
    assert topics() == ["Registered", "HandleClaimed"]
    commands.sign_in(handle="ana", password=PASSWORD)


def test_changing_the_profile_twice_alike_is_recorded_once() -> None:
    account_id = someone("ana")
    first = commands.change_profile(account_id=account_id, bio="Bees.")
    second = commands.change_profile(account_id=account_id, bio="Bees.")

    assert topics() == ["Registered", "HandleClaimed", "ProfileChanged"]
    assert (first.version, second.version) == (2, 2)


def test_nobody_changes_who_is_not_there() -> None:
    with pytest.raises(AccountNotFound):
        commands.change_profile(account_id=uuid4(), name="Nobody")

    assert topics() == []


def test_a_forgotten_account_is_not_found_and_its_handle_stays_taken() -> None:
    account_id = someone("ana", password=PASSWORD)
    key_store().destroy(account_id)

    with pytest.raises(AccountNotFound):
        existing_account(account_id)
    with pytest.raises(HandleTaken):
        someone("ana")
