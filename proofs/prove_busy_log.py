"""20,000 events of three processes, a tenth in conflict: each follower sees each event once."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel.busy_log import write_and_follow

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

EVENTS = sized(20_000, 500) // 24 * 24 + 24  # as many for each thread of each process


def test_no_follower_misses_or_repeats_an_event() -> None:
    seed = chosen_seed()

    outcome = write_and_follow(EVENTS, seed)

    tried(len(outcome.stored), "events", seed)
    print(f"{outcome.conflicts} conflicts, {outcome.holes} positions that were never stored")
    print(f"who reads on over holes: {outcome.careless.faults(outcome.stored)}")
    assert len(outcome.stored) == EVENTS
    assert outcome.holes
    assert outcome.faults == []
    for followed in outcome.careful:
        assert followed.faults(outcome.stored) == []
    assert outcome.careless.faults(outcome.stored), "the careless one is expected to miss some"
