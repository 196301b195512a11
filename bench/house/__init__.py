"""A house for a bench: its own PostgreSQL with the product's tables, and a bare library beside.

The clusters are those of ``./spaces run``, durable to the same degree, in a folder that is gone
afterwards. Whatever asks Django for its settings must be imported inside :func:`house`.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import psycopg

from spaces_project.launcher.children import ChildProcess, spawn
from spaces_project.launcher.postgres import Cluster, keys_cluster, log_cluster, prepare_all
from spaces_project.launcher.secret_files import ensure_secrets
from spaces_project.launcher.trouble import Trouble

if TYPE_CHECKING:
    from eventsourcing.application import Application

READY_WITHIN_S: Final = 30.0
STOPS_WITHIN_S: Final = 10.0
PEER_POOL: Final = 96
ENOUGH: Final = "1000000000/60"  # counted as ever, and never refused
NOBODY: Final = "127.0.0.1:1"  # no media node, and not that of a product which runs beside


@dataclass(frozen=True)
class House:
    """Where everything stands; ``environment`` is what another process of ours needs to know."""

    folder: Path
    log: Cluster
    keys: Cluster

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the product's code to these databases."""
        return {
            "DJANGO_SETTINGS_MODULE": "spaces_project.settings",
            "SPACES_HOME": str(self.folder),
            "SPACES_SECRETS": str(self.folder / "secrets"),
            "DATABASE_URL": self.log.url,
            "KEYS_DATABASE_URL": self.keys.url,
            "SPACES_MEDIA_SIGNALS": NOBODY,
            **{f"SPACES_LIMIT_{name}": ENOUGH for name in ("REST", "JOINS", "ROOMS")},
        }

    def peer_application(
        self, name: str, application: "type[Application[UUID]]", pool: int = PEER_POOL, **more: str
    ) -> "Application[UUID]":
        """Return a bare application of the library, in a database of its own on the log's cluster.

        :param name: of the database; it is made at the first call.
        :param more: settings of the library, on top of those that its guide gives.
        """
        self._make_database(name)
        return application({**self.peer_settings(name, pool), **more})

    def peer_settings(self, name: str, pool: int = PEER_POOL) -> dict[str, str]:
        """Return the library's settings for such a database, as variables of another process."""
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": name,
            "POSTGRES_HOST": str(self.log.sockets),
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "",
            "POSTGRES_POOL_SIZE": str(pool),
            "POSTGRES_MAX_OVERFLOW": "4",
        }

    def _make_database(self, name: str) -> None:
        with psycopg.connect(self.log.url, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())


@contextlib.contextmanager
def house(folder: Path) -> Iterator[House]:
    """Start both clusters with all tables in a folder, and point this process to them.

    :param folder: an empty one; the caller removes it.
    """
    folder.chmod(0o711)  # PostgreSQL runs as a user of its own
    home = folder / "house"
    (home / "run").mkdir(parents=True)
    ensure_secrets(home / "secrets")
    found = House(home, log_cluster(home), keys_cluster(home))
    prepare_all((found.log, found.keys))
    with contextlib.ExitStack() as stack:
        lines = stack.enter_context((folder / "postgres.log").open("wb"))
        for cluster in (found.log, found.keys):
            cluster.make_way()
            server = spawn(cluster.program(), subprocess.DEVNULL, lines)
            stack.callback(_stop, server)
            _wait(cluster, server)
        os.environ.update(found.environment)
        _migrate()
        yield found


def _migrate() -> None:
    import django  # noqa: PLC0415 - reads the variables that were just set
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate_all", verbosity=0)


def _stop(server: ChildProcess) -> None:
    server.send_signal(signal.SIGINT)  # fast: it does not wait for pools that are still open
    try:
        server.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait(cluster: Cluster, server: ChildProcess) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not cluster.is_ready(server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            raise Trouble(f"The bench's {cluster.name} did not start.")
        time.sleep(0.02)
