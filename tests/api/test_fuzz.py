"""S-04: whatever is asked of whatever address in whatever role, the answer is one that is told."""

import os
from typing import Any

import pytest
from pytest_django import Settings

from rooms import commands
from rooms.api import answers
from tests.api.fuzz import ROLES, fuzz

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEED = int(os.environ.get("SPACES_TEST_SEED", "7"))
EACH = 1  # of each operation in each role; the full size is proofs/prove_rest_fuzz.py
FEW = frozenset({"join_room", "raise_hand"})


@pytest.fixture(autouse=True)
def nobody_counts(settings: Settings) -> None:
    """Take everything: a limit would hide what is behind it."""
    settings.LIMITS = {}


def test_no_role_gets_an_answer_that_is_not_told() -> None:
    outcome = fuzz(EACH, SEED)
    print(outcome)

    assert outcome.asked >= EACH * len(ROLES) * len(outcome.operations) * 0.8
    assert outcome.statuses[200]
    assert outcome.faults == []


def test_an_answer_that_is_not_as_it_is_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = answers.render_participation
    monkeypatch.setattr(answers, "render_participation", lambda part: honest(part) | {"mood": 7})

    assert any("mood" in fault for fault in fuzz(4 * EACH, SEED, only=FEW).faults)


def test_what_breaks_on_the_server_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_facts: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(commands, "raise_hand", broken)

    assert any("503" in fault for fault in fuzz(4 * EACH, SEED, only=FEW).faults)
