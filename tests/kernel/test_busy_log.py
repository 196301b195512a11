"""Three processes of eight threads write, a tenth in conflict: whoever follows sees each event."""

import os
import secrets

import pytest

from tests.kernel.busy_log import write_and_follow

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

EVENTS = 720


def test_no_follower_misses_or_repeats_an_event() -> None:
    seed = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))

    outcome = write_and_follow(EVENTS, seed)

    print(f"seed {seed}: {len(outcome.stored)} events, {outcome.conflicts} conflicts")
    print(f"{outcome.holes} holes; read over: {outcome.careless.faults(outcome.stored)}")
    assert len(outcome.stored) == EVENTS
    assert outcome.holes
    assert outcome.faults == []
    for followed in outcome.careful:
        assert followed.faults(outcome.stored) == []
