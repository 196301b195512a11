"""1,000 timers that are due while those who do them are killed: each effect once, none lost."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel.jobs import rings

SEED = chosen_seed(20261120)
TIMERS = sized(1000, 100)
KILLS = sized(20)


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_each_timer_has_one_effect() -> None:
    outcome = rings.run(SEED, timers=TIMERS, kills=KILLS, linger_ms=40)

    tried(TIMERS, "timers", SEED, outcome)
    assert outcome.exactly_once, outcome


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_broken_variant_without_a_reaper_is_seen() -> None:
    outcome = rings.run(SEED, timers=100, kills=3, linger_ms=200, variant="broken")

    print(f"seed {SEED}, without a reaper: {outcome}")
    assert outcome.lost, outcome
