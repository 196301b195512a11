"""One person, from registration on."""

import pytest

from accounts.domain.account import Account
from accounts.domain.errors import HandleNotAllowed, HandleTaken, NamedAlready, NameNotAllowed
from accounts.domain.handle import Handle
from spaces_project.kernel.log.mapper import UNKNOWN_TIME, Purged
from spaces_project.kernel.refusals import NameNeeded
from tests.accounts.people import ANA, BO, NOON, kinds


def registered() -> Account:
    account = Account(ANA)
    account.register("Ana", "Ana", NOON)
    return account


def test_registering_records_handle_and_name() -> None:
    account = registered()

    assert kinds(account) == ["Registered"]
    assert (account.handle, account.name, account.bio) == ("ana", "Ana", "")


def guest() -> Account:
    account = Account(ANA)
    account.register_guest(NOON)
    return account


def test_a_guest_has_a_handle_that_nobody_can_choose() -> None:
    account = guest()

    assert kinds(account) == ["GuestRegistered"]
    assert (account.is_guest, account.name) == (True, "Guest")
    assert account.handle == f"guest-{ANA.hex[-16:]}"
    with pytest.raises(HandleNotAllowed):
        Account(BO).register(account.handle, "Bo", NOON)


def test_a_guest_chooses_a_name_once() -> None:
    account = guest()
    with pytest.raises(HandleNotAllowed):
        account.choose_name("a", "Ana", NOON)
    account.choose_name("Ana", " Ana ", NOON)
    with pytest.raises(NamedAlready):
        account.choose_name("ana", "Ana", NOON)

    assert kinds(account) == ["GuestRegistered", "NameChosen"]
    assert (account.is_guest, account.handle, account.name) == (False, "ana", "Ana")
    account.must_have_name()


def test_a_guest_changes_nothing_before_there_is_a_name() -> None:
    account = guest()
    for ask in (
        account.must_have_name,
        lambda: account.change_profile("Ana", None, NOON),
        lambda: account.protect(NOON),
    ):
        with pytest.raises(NameNeeded):
            ask()

    assert kinds(account) == ["GuestRegistered"]


def test_who_registered_has_a_name_already() -> None:
    account = registered()
    with pytest.raises(NamedAlready):
        account.choose_name("bo", "Bo", NOON)

    assert kinds(account) == ["Registered"]


def test_a_refused_registration_records_nothing() -> None:
    account = Account(ANA)

    with pytest.raises(HandleNotAllowed):
        account.register("a", "Ana", NOON)
    with pytest.raises(NameNotAllowed):
        account.register("ana", "", NOON)

    assert kinds(account) == []


def test_what_is_not_given_stays() -> None:
    account = registered()
    account.change_profile(None, "Talks about bees.", NOON)
    account.change_profile("Anna", None, NOON)

    assert (account.name, account.bio) == ("Anna", "Talks about bees.")


def test_protection_is_recorded_once_and_taken_back_once() -> None:
    account = registered()
    account.unprotect(NOON)
    account.protect(NOON)
    account.protect(NOON)
    assert account.is_protected

    account.unprotect(NOON)

    assert not account.is_protected
    assert kinds(account) == ["Registered", "Protected", "Unprotected"]


def test_a_change_that_changes_nothing_is_not_recorded() -> None:
    account = registered()
    account.change_profile(" Ana ", "", NOON)
    account.change_profile(None, None, NOON)

    assert kinds(account) == ["Registered"]


def test_replaying_gives_the_same_account() -> None:
    account = registered()
    account.change_profile("Anna", "Talks about bees.", NOON)

    replayed = Account.replay(ANA, account.collect_events())

    assert vars(replayed) == vars(account)


def test_a_forgotten_account_still_replays() -> None:
    history = [
        Purged(
            originator_id=ANA, originator_version=v, at=UNKNOWN_TIME, topic="accounts.Registered"
        )
        for v in (1, 2)
    ]

    account = Account.replay(ANA, history)

    assert account.is_forgotten
    assert (account.version, account.handle) == (2, "")


def test_a_handle_is_claimed_once() -> None:
    handle = Handle(BO)
    handle.claim(ANA, NOON)
    with pytest.raises(HandleTaken):
        handle.claim(BO, NOON)

    assert kinds(handle) == ["HandleClaimed"]
    assert handle.account_id == handle.key_id == ANA


def test_the_handle_of_a_forgotten_account_stays_taken() -> None:
    gone = Purged(originator_id=BO, originator_version=1, at=UNKNOWN_TIME, topic="x")
    handle = Handle.replay(BO, [gone])

    with pytest.raises(HandleTaken):
        handle.claim(ANA, NOON)
