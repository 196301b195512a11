"""1,000 people who change processes while the reaper looks: nobody is shut out, no ghost stays."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.presence import reconnects
from tests.presence.conftest import _at_once

__all__ = ["_at_once"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEED = chosen_seed(20261120)
CHANGES = sized(1000, 200)


def test_nobody_is_put_out_behind_a_newer_connection_and_no_ghost_stays() -> None:
    outcome = reconnects.run(SEED, CHANGES)

    tried(CHANGES, "changes", SEED, outcome)
    assert outcome.put_out, outcome
    assert (outcome.ghosts, outcome.left_behind) == (0, 0), outcome


def test_the_broken_variant_that_looks_before_it_drops_is_seen() -> None:
    outcome = reconnects.run(SEED, 200, reconnects.HastyReaper)

    print(f"seed {SEED}, without a lock between look and drop: {outcome}")
    assert outcome.ghosts, outcome
