"""A wake-up is a hint: where it is lost, the next look at the log closes the hole."""

import pytest

from tests.consumers import wakeups
from tests.kernel.processes import Web, running_web

pytestmark = pytest.mark.databases

SEED = 4
CUTS = 2


async def test_nothing_is_missed_when_the_listeners_lose_their_connections(web: Web) -> None:
    outcome = await wakeups.run(web, SEED, CUTS)

    print(f"seed {SEED}: {outcome}")
    assert outcome.cut >= CUTS
    assert outcome.heard == outcome.events
    assert outcome.gaps == outcome.repeats == 0


@pytest.mark.usefixtures("filled")
async def test_a_server_that_believes_in_wake_ups_is_found_out() -> None:
    with running_web("never-looks") as broken:
        outcome = await wakeups.run(broken, SEED, 1, patience_s=4)

    print(f"seed {SEED}, no wake-up arrives and nobody looks: {outcome}")
    assert outcome.heard < outcome.events
