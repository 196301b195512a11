"""Rights end when they end, however they do, while one listens (W-07); figures are printed."""

import pytest

from tests.consumers import rights_end
from tests.kernel.processes import Web, running_web

pytestmark = [pytest.mark.alone, pytest.mark.databases]
SEED = 20261120
TRIALS = 24


async def test_whoever_may_not_listen_any_more_is_closed_and_told_nothing_of_afterwards(
    web: Web,
) -> None:
    outcome = await rights_end.run([web], SEED, TRIALS)

    print(f"seed {SEED}: {outcome}")
    assert outcome.faultless, outcome


async def test_the_broken_variant_is_seen(filled: None) -> None:
    del filled
    with running_web("keeps-rights") as broken:
        outcome = await rights_end.run([broken], SEED, 1, patience_s=2.0)

    print(f"seed {SEED}, rights are kept: {outcome}")
    assert outcome.kept, outcome
