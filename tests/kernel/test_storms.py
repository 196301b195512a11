"""E-05 at the size of the tests: views after a storm are what a rebuild makes."""

import pytest

from accounts.projections.people import People
from rooms.projections.discovery import Discovery
from spaces_project.launcher.postgres import Cluster
from tests.kernel.storms import Forgetful, storm

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("everybody_hosts")]

SEED = 505


def test_live_views_are_what_a_rebuild_makes(databases: tuple[Cluster, ...]) -> None:
    outcome = storm(SEED, evenings=2, steps=100, rebuilds=3, url=databases[0].url)

    print(f"seed {SEED}: {outcome}")
    assert outcome.done["rebuilds"] >= 3
    assert outcome.different == []
    assert outcome.parked == 0


def test_a_view_that_overlooks_events_is_seen(databases: tuple[Cluster, ...]) -> None:
    models = [People(), Forgetful(), Discovery()]
    outcome = storm(SEED, evenings=1, steps=100, rebuilds=0, url=databases[0].url, models=models)

    print(f"seed {SEED}: {outcome}")
    assert outcome.different
