"""E-05: live views = rebuild, byte for byte: 10 storms with rebuilds, and sessions cut off."""

import pytest
from pytest_django import Settings

from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from tests.full_size import chosen_seed, sized, tried
from tests.kernel.storms import storm

STORMS = sized(10)
EVENINGS, STEPS, REBUILDS = 4, 500, 10

SEED = chosen_seed()


@pytest.mark.databases
@pytest.mark.parametrize("number", range(STORMS))
def test_live_views_are_what_a_rebuild_makes(
    databases: tuple[Cluster, ...], settings: Settings, number: int
) -> None:
    settings.PRESET = PRESETS["classic"]
    seed = SEED + number
    outcome = storm(seed, evenings=EVENINGS, steps=STEPS, rebuilds=REBUILDS, url=databases[0].url)

    tried(1, "storm", seed, outcome)
    assert outcome.different == []
    assert outcome.parked == 0
