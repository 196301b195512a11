"""S-04: every operation in every role, made up by its description: no 5xx, no untold answer."""

import os
import secrets
import time

import pytest
from pytest_django import Settings

from tests.api.conftest import everybody_hosts
from tests.api.fuzz import ROLES, fuzz

__all__ = ["everybody_hosts"]

pytestmark = [
    pytest.mark.databases,
    pytest.mark.usefixtures("databases"),
    pytest.mark.timeout(3600),
]

EACH = 25


def test_no_role_gets_an_answer_that_is_not_told(settings: Settings) -> None:
    settings.LIMITS = {}
    seed = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))
    began = time.monotonic()
    outcome = fuzz(EACH, seed)

    print(f"{outcome}; {len(ROLES)} roles, {time.monotonic() - began:.0f} s")
    assert outcome.faults == []
