"""Two processes that follow, and what may be done to them."""

import os
import random
import signal
import sys
import time
from typing import Any

import psycopg

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import leases
from spaces_project.launcher.children import ChildProcess, Program, spawn
from spaces_project.launcher.environment import PROJECT
from tests.kernel.jars import eventually

RUNNERS = 2
READY_WITHIN_S = 60.0


class TwoRunners:
    """Two processes that follow, an observer that no kill meets, and the kills."""

    def __init__(self, chance: random.Random, linger_ms: float, variant: str) -> None:
        self._chance = chance
        self._words = ("-m", "tests.kernel.effects", str(linger_ms), variant)
        self._observer = psycopg.connect(connection_string(), autocommit=True)
        self.processes: list[ChildProcess] = []

    def start(self) -> None:
        """Start what is missing and wait until one leads and the other stands by."""
        while len(self.processes) < RUNNERS:
            command_line = (sys.executable, *self._words)
            runner = Program("runner", command_line, os.environ.copy(), PROJECT)
            self.processes.append(spawn(runner, sys.stderr.fileno(), sys.stderr.fileno()))
        assert eventually(lambda: self._backends(leases.APPLICATION) == RUNNERS, READY_WITHIN_S)

    def stop(self) -> list[int]:
        """Ask all to end; return their exit codes."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(10) for process in self.processes]
        self._observer.close()
        return codes

    def one(self, query: str, *arguments: object) -> Any:
        """Return the one value of a query."""
        row = self._observer.execute(query.encode(), arguments).fetchone()
        return row[0] if row else None

    def leader(self) -> ChildProcess | None:
        """Return the process of the newest effect, if it is still there."""
        pid = self.one("SELECT pid FROM tests_effects ORDER BY position DESC LIMIT 1")
        return next((process for process in self.processes if process.pid == pid), None)

    def kill_leader(self) -> None:
        """End it as a crash does."""
        if leader := self.leader():
            leader.kill()
            leader.wait()
            self.processes.remove(leader)

    def pause_leader(self) -> None:
        """Let it lose its lease while it sleeps, in the middle of whatever it does."""
        if leader := self.leader():
            leader.send_signal(signal.SIGSTOP)
            self.cut(leases.APPLICATION)
            time.sleep(self._chance.uniform(0.05, 0.4))
            leader.send_signal(signal.SIGCONT)

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
