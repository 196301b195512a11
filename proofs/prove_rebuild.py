"""E-05: live views = rebuild, byte for byte: 10 storms with rebuilds, and sessions cut off."""

import os
import secrets

import pytest

from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from tests.kernel.storms import storm

STORMS = 10
EVENINGS, STEPS, REBUILDS = 4, 500, 10


@pytest.mark.databases
@pytest.mark.timeout(1200)
def test_live_views_are_what_a_rebuild_makes(
    databases: tuple[Cluster, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.PRESET", PRESETS["classic"])
    seed = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))
    for number in range(STORMS):
        outcome = storm(
            seed + number,
            evenings=EVENINGS,
            steps=STEPS,
            rebuilds=REBUILDS,
            url=databases[0].url,
        )

        print(f"seed {seed + number}: {outcome}")
        assert outcome.different == []
        assert outcome.parked == 0
