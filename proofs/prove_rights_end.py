"""W-07: 500 rights that end, at two web processes: nothing after 500 ms, closed after 1 s."""

import pytest

from tests.consumers import rights_end
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import chosen_seed, sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

SEED = chosen_seed(20261120)
TRIALS = sized(500)
LAST_MS = 500.0
CLOSED_MS = 1000.0


async def test_rights_end_when_they_end() -> None:
    with running_web() as one, running_web() as other:
        outcome = await rights_end.run([one, other], SEED, TRIALS)

    tried(outcome.trials.total(), "rights that ended", SEED, outcome)
    assert outcome.faultless, outcome
    assert max(outcome.last_ms) <= LAST_MS, outcome
    assert max(outcome.closed_ms) <= CLOSED_MS, outcome


async def test_the_broken_variant_is_seen() -> None:
    with running_web("keeps-rights") as broken:
        outcome = await rights_end.run([broken], SEED, 1, patience_s=3.0)

    print(f"seed {SEED}, rights are kept: {outcome}")
    assert outcome.kept, outcome
