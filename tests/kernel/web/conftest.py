"""A real web process for the tests of the HTTP edge."""

from collections.abc import Iterator

import pytest

from spaces_project.launcher.postgres import Cluster
from tests.databases import forget_what_is_cached
from tests.emptying import empty
from tests.kernel.processes import Person, Web, running_web, somebody


@pytest.fixture(scope="package")
def web(migrated: tuple[Cluster, ...]) -> Iterator[Web]:
    """One web process for all tests of this folder; the databases are emptied behind it."""
    with running_web() as started:
        yield started
    for cluster in migrated:
        empty(cluster.url)
    forget_what_is_cached()


@pytest.fixture(scope="package")
def ana(web: Web) -> Person:
    """Somebody who asks."""
    del web
    return somebody("Ana")
