"""20,000 events of three processes, a tenth in conflict: each follower sees each event once."""

import os
import secrets
import time

import pytest

from tests.kernel.busy_log import write_and_follow

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

EVENTS = 20_000 // 24 * 24 + 24  # as many for each thread of each process


def test_no_follower_misses_or_repeats_an_event() -> None:
    seed = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))
    began = time.monotonic()

    outcome = write_and_follow(EVENTS, seed)

    print(f"seed {seed}: {len(outcome.stored)} events in {time.monotonic() - began:.1f} s")
    print(f"{outcome.conflicts} conflicts, {outcome.holes} positions that were never stored")
    print(f"who reads on over holes: {outcome.careless.faults(outcome.stored)}")
    assert len(outcome.stored) == EVENTS
    assert outcome.holes
    assert outcome.faults == []
    for followed in outcome.careful:
        assert followed.faults(outcome.stored) == []
    assert outcome.careless.faults(outcome.stored), "the careless one is expected to miss some"
