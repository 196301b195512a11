"""Two processes that follow, and what may be done to them."""

import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import psycopg

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import leases
from spaces_project.launcher.environment import PROJECT
from tests.kernel.jars import eventually

RUNNERS = 2
READY_WITHIN_S = 60.0


class TwoRunners:
    """Two processes that follow, an observer that no kill meets, and the kills."""

    def __init__(self, chance: random.Random, linger_ms: float, variant: str) -> None:
        self._chance = chance
        self._observer = psycopg.connect(connection_string(), autocommit=True)
        words = [sys.executable, "-m", "tests.kernel.effects", str(linger_ms), variant]
        self._nursery = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT, text=True
        )
        self.runners: set[int] = set()

    def start(self) -> None:
        """Start what is missing and wait until one leads and the other stands by."""
        asked, told = self._nursery.stdin, self._nursery.stdout
        assert asked is not None
        assert told is not None
        while len(self.runners) < RUNNERS:
            asked.write("one more\n")
            asked.flush()
            self.runners.add(int(told.readline()))
        assert eventually(lambda: self._backends(leases.APPLICATION) == RUNNERS, READY_WITHIN_S)

    def stop(self) -> set[int]:
        """Ask all to end; return their exit codes."""
        for pid in self.runners:
            os.kill(pid, signal.SIGTERM)
        said, _ = self._nursery.communicate(timeout=30)
        self._observer.close()
        ended = [line.split() for line in said.splitlines()]
        return {int(code) for pid, code in ended if int(pid) in self.runners}

    def one(self, query: str, *arguments: object) -> Any:
        """Return the one value of a query."""
        row = self._observer.execute(query.encode(), arguments).fetchone()
        return row[0] if row else None

    def leader(self) -> int | None:
        """Return the process of the newest effect, if it is still there."""
        pid = self.one("SELECT pid FROM tests_effects ORDER BY position DESC LIMIT 1")
        return pid if pid in self.runners else None

    def kill_leader(self) -> None:
        """End it as a crash does."""
        if leader := self.leader():
            os.kill(leader, signal.SIGKILL)
            self.runners.remove(leader)

    def pause_leader(self) -> None:
        """Let it lose its lease while it sleeps, in the middle of whatever it does."""
        if leader := self.leader():
            os.kill(leader, signal.SIGSTOP)
            self.cut(leases.APPLICATION)
            time.sleep(self._chance.uniform(0.05, 0.4))
            os.kill(leader, signal.SIGCONT)

    def cut(self, application: str) -> None:
        """End connections of all runners, by the name that they have."""
        self._observer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            " AND datname = current_database()",
            (application,),
        )

    def cut_writers(self) -> None:
        """End the connections in which the read model is written."""
        self._observer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query ~ 'tests_effects|log_positions' AND pid <> pg_backend_pid()"
        )

    def _backends(self, application: str) -> int:
        return int(
            self.one(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
                " AND datname = current_database()",
                application,
            )
        )
