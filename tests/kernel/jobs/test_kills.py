"""A worker that is killed takes no job with it, and no job is done twice for it."""

import pytest

from tests.kernel.jobs import rings

SEED = 20261120
TIMERS = 150
KILLS = 4


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_each_timer_rings_once_whoever_is_killed() -> None:
    outcome = rings.run(SEED, timers=TIMERS, kills=KILLS, linger_ms=40)

    print(f"seed {SEED}: {outcome}")
    assert outcome.exactly_once, outcome


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_broken_variant_without_a_reaper_is_seen() -> None:
    outcome = rings.run(SEED, timers=60, kills=2, linger_ms=200, variant="broken")

    print(f"seed {SEED}, without a reaper: {outcome}")
    assert outcome.lost, outcome
