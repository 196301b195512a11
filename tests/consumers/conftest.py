"""What the tests of sockets share: a real web process."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from tests.databases import forget_what_is_cached
from tests.emptying import empty
from tests.kernel.processes import Web, running_web


@pytest.fixture(scope="package")
def filled(migrated: tuple[Cluster, ...]) -> Iterator[None]:
    """The databases, emptied after the last of these tests and not in between: web reads on."""
    yield
    for cluster in migrated:
        empty(cluster.url)
    forget_what_is_cached()


@pytest.fixture(scope="package")
def web(filled: None) -> Iterator[Web]:
    """One web process for all tests of this folder."""
    del filled
    with running_web() as started:
        yield started


@pytest.fixture(autouse=True)
def everybody_hosts(settings: Settings) -> None:
    """The preset in which nobody needs followers to host."""
    settings.PRESET = PRESETS["classic"]
