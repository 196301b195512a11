"""1,000 timers that are due while those who do them are killed: each effect once, none lost."""

import pytest

from tests.kernel.jobs import rings

SEED = 20261120
TIMERS = 1000
KILLS = 20


@pytest.mark.databases
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("databases")
def test_each_timer_has_one_effect() -> None:
    outcome = rings.run(SEED, timers=TIMERS, kills=KILLS, linger_ms=40)

    print(f"seed {SEED}: {outcome}")
    assert outcome.exactly_once, outcome


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_broken_variant_without_a_reaper_is_seen() -> None:
    outcome = rings.run(SEED, timers=100, kills=3, linger_ms=200, variant="broken")

    print(f"seed {SEED}, without a reaper: {outcome}")
    assert outcome.lost, outcome
