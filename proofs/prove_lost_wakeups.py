"""W-04: all listeners lose their connection ten times, or no wake-up comes at all: no hole."""

import pytest

from tests.consumers import wakeups
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import chosen_seed, sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

SEED = chosen_seed(20261120)
CUTS = sized(10)


@pytest.mark.parametrize("variant", ["small-buffers", "deaf"])
async def test_every_hole_is_closed(variant: str) -> None:
    with running_web(variant) as web:
        outcome = await wakeups.run(web, SEED, CUTS)

    tried(CUTS, f"cuts, {variant}", SEED, outcome)
    assert outcome.heard == outcome.events
    assert outcome.gaps == outcome.repeats == 0


async def test_the_broken_variant_is_seen() -> None:
    with running_web("never-looks") as broken:
        outcome = await wakeups.run(broken, SEED, 1, patience_s=6)

    print(f"seed {SEED}, no wake-up arrives and nobody looks: {outcome}")
    assert outcome.heard < outcome.events
