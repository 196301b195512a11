"""E-05: whatever happened to followers and rebuilds, live views are what a rebuild makes, in bytes.

A storm: evenings at the same time, followed live, while read models are rebuilt again and again and
the sessions of followers and rebuilds are cut off.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import psycopg
from django.db import Error, connection, connections

from rooms.domain.events import Joined
from rooms.projections.directory import Directory
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import dead_letters
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.rebuild import rebuild
from spaces_project.kernel.following.runner import Runner
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.wiring import read_models
from tests.acceptance.views import dump_views
from tests.kernel.evenings import Evening
from tests.kernel.jars import eventually

CAUGHT_UP_WITHIN_S = 60.0
OVER_WITHIN_S = 60.0
PAUSES_S = (0.05, 0.5)
BETWEEN_CUTS_S = (0.1, 1.5)
AT_ONCE = 10
WRITERS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND query ~ 'log_positions|json_populate_recordset|log_dead_letters|rebuild_'
"""


class Forgetful(Directory):
    """The broken variant: it overlooks whoever comes into a room."""

    def apply_all(self, batch: Sequence[Recorded]) -> None:
        super().apply_all([each for each in batch if not isinstance(each.event, Joined)])


@dataclass
class Outcome:
    """What the storm did, and which tables a rebuild makes different."""

    events: int = 0
    done: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    rows: int = 0
    parked: int = 0

    def __str__(self) -> str:
        done = ", ".join(f"{number} {what}" for what, number in sorted(self.done.items()))
        different = ", ".join(self.different) or "no table"
        return (
            f"{self.events} events ({done}), {self.rows} bytes of rows; "
            f"a rebuild differs in {different}"
        )


def storm(
    seed: int,
    *,
    evenings: int,
    steps: int,
    rebuilds: int,
    url: str,
    models: Sequence[ReadModel] | None = None,
) -> Outcome:
    """Let a storm pass and compare the live views with rebuilt ones.

    :param steps: of each evening, at least; it goes on until there were so many rebuilds.
    :param models: what follows live, if not the product's read models.
    """
    outcome, calm = Outcome(), threading.Event()
    people = [Evening(f"{seed} {number}") for number in range(evenings)]

    def is_over() -> bool:
        return outcome.done["rebuilds"] >= rebuilds

    works: list[Callable[[], None]] = [
        *(partial(_go_on, each, steps, is_over, outcome) for each in people),
        partial(_cut_off, random.Random(seed), calm, outcome),
    ]
    if rebuilds:
        works.append(partial(_rebuild, random.Random(seed + 1), calm, outcome))
    runner = Runner(models or read_models())
    runner.start()
    try:
        _at_once(works, evenings, calm)
        assert eventually(_has_caught_up, CAUGHT_UP_WITHIN_S), positions()
    finally:
        runner.stop()
    return _compared(url, outcome)


def _at_once(works: Sequence[Callable[[], None]], evenings: int, calm: threading.Event) -> None:
    """Do all of it until the evenings, which come first, are over."""

    def work(do: Callable[[], None]) -> None:
        try:
            do()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(do,)) for do in works]
    for thread in threads:
        thread.start()
    for thread in threads[:evenings]:
        thread.join()
    calm.set()
    for thread in threads[evenings:]:
        thread.join()


def _compared(url: str, outcome: Outcome) -> Outcome:
    live = dump_views(url)
    for read_model in read_models():
        rebuild(read_model)
    rebuilt = dump_views(url)
    with psycopg.connect(url) as looker:
        row = looker.execute("SELECT count(*) FROM log_events").fetchone()
        outcome.events = row[0] if row else 0
    outcome.rows = sum(map(len, live.values()))
    outcome.different = [table for table in live if live[table] != rebuilt[table]]
    outcome.parked = sum(dead_letters.count().values())
    return outcome


def _has_caught_up() -> bool:
    reached, head = positions(), event_log().head()
    return all(reached.get(each.name, 0) >= head for each in read_models())


def _go_on(evening: Evening, steps: int, is_over: Callable[[], bool], outcome: Outcome) -> None:
    deadline = time.monotonic() + OVER_WITHIN_S
    gone = 0
    while gone < steps or (not is_over() and time.monotonic() < deadline):
        try:
            outcome.done["steps"] += evening.go_on(AT_ONCE)
        except Error:  # who asks how far a view is may be cut off too
            outcome.done["people cut off"] += 1
            connection.close()
        gone += AT_ONCE


def _rebuild(chance: random.Random, calm: threading.Event, outcome: Outcome) -> None:
    """Rebuild one read model after the other; one that was cut off is only counted."""
    while not calm.wait(chance.uniform(*PAUSES_S)):
        _try(lambda: rebuild(chance.choice(read_models())), outcome, "rebuilds")


def _try(do: Callable[[], object], outcome: Outcome, name: str) -> None:
    try:
        do()
        outcome.done[name] += 1
    except Error:
        outcome.done[f"{name} cut off"] += 1
        connection.close()


def _cut_off(chance: random.Random, calm: threading.Event, outcome: Outcome) -> None:
    """Cut off a session that writes views, as a crash of its process does."""
    with psycopg.connect(connection_string(), autocommit=True) as killer:
        while not calm.wait(chance.uniform(*BETWEEN_CUTS_S)):
            if pids := [pid for (pid,) in killer.execute(WRITERS)]:
                killer.execute("SELECT pg_terminate_backend(%s)", [chance.choice(pids)])
                outcome.done["sessions cut off"] += 1
