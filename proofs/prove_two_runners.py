"""E-06: views change once for each of 100,000 events, with two runners and 60 kills."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel import two_runners

SEED = chosen_seed(20261120)
EVENTS = sized(100_000, 2_000)
KILLS = sized(60, 5)


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_each_effect_happens_once() -> None:
    outcome = two_runners.run(SEED, events=EVENTS, kills=KILLS, linger_ms=0.1)

    tried(outcome.events, "events", SEED, outcome)
    assert outcome.exactly_once, outcome


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_broken_variant_is_seen() -> None:
    outcome = two_runners.run(
        SEED, events=2_000, kills=10, linger_ms=2, variant="broken", only="process"
    )

    print(f"seed {SEED}, effects outside of the position's transaction: {outcome}")
    assert outcome.doubled, outcome
