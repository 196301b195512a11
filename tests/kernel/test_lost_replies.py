"""E-03: a commit whose answer is lost on the way is found by its receipt, never guessed."""

import os
import secrets

import pytest

from spaces_project.kernel import commands
from tests.kernel.lost_replies import carry_out, lossy_way

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

CUTS = 24


def seed() -> int:
    return int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))


@pytest.mark.parametrize("threads", [1, 6])
def test_the_answer_is_the_original_one_and_it_happened_once(threads: int) -> None:
    with lossy_way() as proxy:
        outcome = carry_out(proxy, CUTS, threads, seed())

    print(outcome)
    assert outcome.cuts >= CUTS
    assert outcome.faults == []


def test_who_does_not_look_for_the_receipt_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "known_receipt", lambda _: None)
    with lossy_way() as proxy:
        outcome = carry_out(proxy, 3, 1, seed())

    print(outcome)
    assert outcome.faults
