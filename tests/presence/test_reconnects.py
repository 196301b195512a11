"""Who comes back to another process is never put out on account of the older connection."""

import pytest

from tests.presence import reconnects

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
SEED = 20261120
CHANGES = 80


def test_nobody_is_put_out_behind_a_newer_connection_and_no_ghost_stays() -> None:
    outcome = reconnects.run(SEED, CHANGES)

    print(f"seed {SEED}: {outcome}")
    assert outcome.put_out, "the reaper never came in between: nothing was tried"
    assert (outcome.ghosts, outcome.left_behind) == (0, 0), outcome


def test_the_broken_variant_that_looks_before_it_drops_is_seen() -> None:
    outcome = reconnects.run(SEED, CHANGES, reconnects.HastyReaper)

    print(f"seed {SEED}, without a lock between look and drop: {outcome}")
    assert outcome.ghosts, outcome
