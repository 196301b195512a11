"""The door: passwords, pauses, one-time codes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import hashers

from accounts import attempts, commands, credentials
from accounts.commands import signing_in
from accounts.domain.errors import (
    AccountNotFound,
    CodeSpent,
    PasswordNotAllowed,
    WrongCredentials,
)
from accounts.models import Credential, FailedSignIn, SignInCode
from spaces_project.kernel.authentication import identify
from spaces_project.kernel.clock import now
from spaces_project.kernel.refusals import TooManyRequests
from tests.accounts.people import PASSWORD, at_once, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = now()

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(signing_in, "now", stopped)
    return stopped


def fail(handle: str = "ana", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            commands.sign_in(handle=handle, password="not this one")


def test_the_token_speaks_for_the_account() -> None:
    account_id = someone("ana", password=PASSWORD)
    session = commands.sign_in(handle=" ANA ", password=PASSWORD)
    identity = identify(session.token)

    assert (identity.account_id, identity.roles) == (account_id, frozenset())
    assert identity.expires_at == session.expires_at


def test_staff_carry_their_role() -> None:
    account_id = someone("ana", password=PASSWORD)
    commands.set_staff(account_id=account_id)
    assert identify(commands.begin_session(account_id=account_id).token).roles == {"staff"}

    commands.set_staff(account_id=account_id, is_staff=False)
    assert not identify(commands.begin_session(account_id=account_id).token).roles


def test_being_staff_gives_no_password_and_takes_none() -> None:
    commands.set_staff(account_id=someone("bob"))
    with pytest.raises(WrongCredentials):
        commands.sign_in(handle="bob", password="")

    commands.set_staff(account_id=someone("ana", password=PASSWORD))
    commands.sign_in(handle="ana", password=PASSWORD)


@pytest.mark.parametrize("handle", ["ana", "nobody", "bob", "no handle at all"])
def test_every_wrong_proof_gets_the_same_answer(handle: str) -> None:
    someone("ana", password=PASSWORD)
    someone("bob")  # has no password
    with pytest.raises(WrongCredentials) as refused:
        commands.sign_in(handle=handle, password="not this one")

    assert refused.value.problem() == WrongCredentials().problem()


def test_every_wrong_proof_costs_the_same_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    someone("ana", password=PASSWORD)
    someone("bob")
    credentials._hash_of_nothing()
    hashed: list[str] = []
    verify = hashers.MD5PasswordHasher.verify

    def count(self: hashers.MD5PasswordHasher, password: str, encoded: str) -> bool:
        hashed.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "verify", count)
    for handle in ("ana", "bob", "nobody"):
        hashed.clear()
        fail(handle)
        assert len(hashed) == 1


@pytest.mark.parametrize("handle", ["ana", "nobody"])
def test_five_failures_in_a_row_bring_pauses_that_grow(handle: str, clock: Clock) -> None:
    someone("ana", password=PASSWORD)
    fail(handle, times=5)
    pauses = []
    for _ in range(9):
        with pytest.raises(TooManyRequests) as refused:
            commands.sign_in(handle=handle, password=PASSWORD)
        pauses.append(refused.value.facts["retry_after_s"])
        clock.pass_by(pauses[-1])
        fail(handle)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_failure_during_the_pause_does_not_make_it_longer(clock: Clock) -> None:
    fail(times=6 - 1)
    for _ in range(20):
        with pytest.raises(TooManyRequests):
            commands.sign_in(handle="ana", password=PASSWORD)
    clock.pass_by(1)
    fail()


def test_signing_in_forgets_the_failures(clock: Clock) -> None:
    someone("ana", password=PASSWORD)
    for _ in range(3):
        fail(times=4)
        commands.sign_in(handle="ana", password=PASSWORD)

    assert not FailedSignIn.objects.exists()
    fail(times=5)
    clock.pass_by(1)
    commands.sign_in(handle="ana", password=PASSWORD)


@pytest.mark.usefixtures("clock")
def test_guesses_at_the_same_moment_are_counted_one_by_one() -> None:
    someone("ana", password=PASSWORD)
    answers = at_once(
        [lambda: commands.sign_in(handle="ana", password="not this one")] * 12,
    )

    assert sum(isinstance(answer, WrongCredentials) for answer in answers) == 5
    assert sum(isinstance(answer, TooManyRequests) for answer in answers) == 7


def test_old_failures_are_forgotten(clock: Clock) -> None:
    fail(times=4)
    clock.pass_by(attempts.FORGOTTEN_AFTER.total_seconds() + 1)
    fail(times=5)

    assert FailedSignIn.objects.get().failures == 5


def test_a_code_opens_once() -> None:
    account_id = someone("ana")
    code = commands.issue_sign_in_code(account_id)

    assert commands.exchange_code(code=code).account.id == account_id
    assert not SignInCode.objects.exists()
    with pytest.raises(CodeSpent):
        commands.exchange_code(code=code)


def test_of_many_who_use_one_code_exactly_one_gets_in() -> None:
    code = commands.issue_sign_in_code(someone("ana"))
    answers = at_once([lambda: commands.exchange_code(code=code)] * 6)

    assert sum(isinstance(answer, CodeSpent) for answer in answers) == 5


def test_a_code_is_good_for_a_day(clock: Clock) -> None:
    account_id = someone("ana")
    fresh, stale = (commands.issue_sign_in_code(account_id) for _ in range(2))
    clock.pass_by(24 * 3600 - 1)
    commands.exchange_code(code=fresh)
    clock.pass_by(1)
    with pytest.raises(CodeSpent):
        commands.exchange_code(code=stale)
    commands.issue_sign_in_code(account_id)

    assert SignInCode.objects.count() == 1


def test_a_code_is_kept_as_its_digest_only() -> None:
    code = commands.issue_sign_in_code(someone("ana"))

    assert code.encode() not in bytes(SignInCode.objects.get().digest)
    assert len(bytes(SignInCode.objects.get().digest)) == 32


def test_strangers_get_no_code_and_no_password() -> None:
    for ask in (
        lambda: commands.issue_sign_in_code(uuid4()),
        lambda: commands.set_password(account_id=uuid4(), password=PASSWORD),
        lambda: commands.set_staff(account_id=uuid4()),
    ):
        with pytest.raises(AccountNotFound):
            ask()

    assert not Credential.objects.exists()
    assert not SignInCode.objects.exists()


def test_a_new_password_replaces_the_old_one() -> None:
    account_id = someone("ana", password=PASSWORD)
    with pytest.raises(PasswordNotAllowed):
        commands.set_password(account_id=account_id, password="ana")
    commands.set_password(account_id=account_id, password="a newer password")

    commands.sign_in(handle="ana", password="a newer password")
    with pytest.raises(WrongCredentials):
        commands.sign_in(handle="ana", password=PASSWORD)


def test_passwords_are_hashed_by_argon2(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # type: ignore[attr-defined]
    someone("ana", password=PASSWORD)

    assert Credential.objects.get().password_hash.startswith("argon2$argon2id$")
    commands.sign_in(handle="ana", password=PASSWORD)
