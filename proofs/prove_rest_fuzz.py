"""S-04: every operation in every role, made up by its description: no 5xx, no untold answer."""

import pytest
from pytest_django import Settings

from tests.api.conftest import everybody_hosts
from tests.api.fuzz import ROLES, fuzz
from tests.full_size import chosen_seed, sized, tried

__all__ = ["everybody_hosts"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

EACH = sized(20)  # of each operation in each role


def test_no_role_gets_an_answer_that_is_not_told(settings: Settings) -> None:
    settings.LIMITS = {}
    seed = chosen_seed()
    outcome = fuzz(EACH, seed)

    tried(outcome.asked, f"requests, {EACH} of each operation in {len(ROLES)} roles", seed, outcome)
    assert outcome.faults == []
