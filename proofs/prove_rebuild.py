"""E-05: live views = rebuild, byte for byte: 10 storms with rebuilds, and sessions cut off."""

import os
import secrets

import pytest
from pytest_django import Settings

from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from tests.kernel.storms import storm

STORMS = 10
EVENINGS, STEPS, REBUILDS = 4, 500, 10


SEED = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))


@pytest.mark.databases
@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(STORMS))
def test_live_views_are_what_a_rebuild_makes(
    databases: tuple[Cluster, ...], settings: Settings, number: int
) -> None:
    settings.PRESET = PRESETS["classic"]
    seed = SEED + number
    outcome = storm(seed, evenings=EVENINGS, steps=STEPS, rebuilds=REBUILDS, url=databases[0].url)

    print(f"seed {seed}: {outcome}")
    assert outcome.different == []
    assert outcome.parked == 0
