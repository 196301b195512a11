"""The embedded databases of the tests: a pair of clusters for each worker, in a temporary folder.

A pytest plugin (``-p tests.databases``), because the variables have to be there before Django
reads its settings. The servers start when the first test asks for them. They may forget at a
power cut, which makes them fast; tests about durability start the real product instead.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import event_log
from spaces_project.launcher.children import ChildProcess, spawn
from spaces_project.launcher.postgres import Cluster, keys_cluster, log_cluster, prepare_all
from spaces_project.launcher.secret_files import ensure_secrets
from tests.emptying import disconnect, empty

READY_WITHIN_S = 30.0

HOME = Path(tempfile.mkdtemp(prefix="spaces-tests-"))
CLUSTERS = (log_cluster(HOME, durable=False), keys_cluster(HOME, durable=False))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
(HOME / "run").mkdir()
ensure_secrets(HOME / "secrets")
os.environ.update(
    SPACES_HOME=str(HOME),
    SPACES_SECRETS=str(HOME / "secrets"),
    DATABASE_URL=CLUSTERS[0].url,
    KEYS_DATABASE_URL=CLUSTERS[1].url,
    # Few people do in a minute what takes a crowd days; tests of limits set their own.
    SPACES_LIMIT_REST="none",
    SPACES_LIMIT_REGISTRATIONS="none",
    SPACES_LIMIT_ROOMS="none",
    SPACES_LIMIT_JOINS="none",
    SPACES_LIMIT_INVITATIONS="none",
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary folders apart from those of other runs.

    Every run of pytest closes the folder that all runs share to other users, and PostgreSQL may
    be one: it does not run as root.
    """
    if config.option.basetemp is None:
        config.option.basetemp = str(HOME / "pytest")


@pytest.fixture(scope="session")
def clusters() -> Iterator[tuple[Cluster, ...]]:
    """Both servers, running, with an empty database each."""
    servers = []
    prepare_all(CLUSTERS)
    with (HOME / "postgres.log").open("wb") as log:
        try:
            for cluster in CLUSTERS:
                servers.append(spawn(cluster.program(), log, log))  # noqa: PERF401 ended below
            for cluster, server in zip(CLUSTERS, servers, strict=True):
                _wait(cluster, server)
            yield CLUSTERS
        finally:
            disconnect()
            for server in servers:
                server.send_signal(signal.SIGINT)  # fast: it does not wait for the tests' pools
            for server in servers:
                _end(server)


@pytest.fixture(scope="session")
def migrated(
    clusters: tuple[Cluster, ...], django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Cluster, ...]]:
    """Both databases with every table.

    pytest-django's own test databases and transactions are not used: the event log has a pool
    of its own, which sees only what is committed.
    """
    with django_db_blocker.unblock():
        call_command("migrate_all", verbosity=0)
        yield clusters


@pytest.fixture
def databases(migrated: tuple[Cluster, ...]) -> Iterator[tuple[Cluster, ...]]:
    """Both databases, with every table empty before and after the test."""
    _empty_all(migrated)
    yield migrated
    _empty_all(migrated)


def _empty_all(clusters: tuple[Cluster, ...]) -> None:
    for cluster in clusters:
        empty(cluster.url)
    forget_what_is_cached()


def forget_what_is_cached() -> None:
    """Let this process forget keys, entities, positions and connections that are no more."""
    from rooms.presence.board import board  # noqa: PLC0415 - asks Django for settings

    if board.is_made:
        board().stop()
        board.forget()
    key_store()._cached.clear()
    if event_log.is_made:
        event_log().streams.cache.clear()
        event_log().recorder.horizon.forget()


def _wait(cluster: Cluster, server: ChildProcess) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not cluster.is_ready(server.pid):
        assert server.poll() is None, (HOME / "postgres.log").read_text("utf-8")
        assert time.monotonic() < deadline, f"{cluster.name} is not ready"
        time.sleep(0.02)


def _end(server: ChildProcess) -> None:
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
