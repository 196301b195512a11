"""E-06: the effects of a read model happen exactly once, with two runners and kills."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import psycopg
from django.db import connections

from spaces_project.kernel.commands import command
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following import leases
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.listener import APPLICATION as LISTENER
from spaces_project.kernel.log.event_log import Receipt, event_log
from tests.full_size import reached
from tests.kernel.effects import Effects, effects_table
from tests.kernel.jars import NOON, Jar, MarbleAdded, eventually
from tests.kernel.runner_processes import READY_WITHIN_S, TwoRunners

CAUGHT_UP_WITHIN_S = 120.0
KINDS = ("process", "sleep", "leases", "listener", "writer")
AT_ONCE = 20  # events in one append
SETTLES_S = 0.2


@dataclass
class Outcome:
    """What became of the effects."""

    events: int
    kills: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    passed_on_ms: list[float] = field(default_factory=list)

    @property
    def exactly_once(self) -> bool:
        """True if there is one effect for each event."""
        return not self.lost and not self.doubled

    def __str__(self) -> str:
        kills = ", ".join(f"{number} {kind}" for kind, number in sorted(self.kills.items()))
        took = sorted(self.passed_on_ms)
        passed = f"median {median(took):.0f} ms, longest {took[-1]:.0f} ms" if took else "never"
        return (
            f"{self.events} events, kills: {kills or 'none'}; {self.lost} lost, "
            f"{self.doubled} doubled; leadership passed on {len(took)} times: {passed}"
        )


@command
def _fill(*, marbles: int) -> Receipt:
    jar = Jar(new_id())
    for _ in range(marbles):
        jar.record(MarbleAdded, at=NOON, colour="red")
    return event_log().append(jar)


@contextmanager
def _written(events: int, kills_done: threading.Event) -> Iterator[threading.Thread]:
    """Store so many events, and a trickle more until the kills are done."""

    def work() -> None:
        written = 0
        while written < events or not kills_done.is_set():
            if written < events:
                marbles = min(AT_ONCE, events - written)
            else:
                marbles = 1
                time.sleep(0.01)
            _fill(marbles=marbles)
            written += marbles
        connections.close_all()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        yield writer
    finally:
        kills_done.set()
        writer.join()


def run(
    seed: int,
    *,
    events: int,
    kills: int,
    linger_ms: float,
    variant: str = "",
    only: str | None = None,
) -> Outcome:
    """Follow a log that grows with two runners, and kill; return what became of the effects."""
    chance, kills_done = random.Random(seed), threading.Event()
    outcome = Outcome(events)
    with effects_table():
        two = TwoRunners(chance, linger_ms, variant)
        try:
            two.start()
            with _written(events, kills_done):
                for number in range(kills):
                    reached(f"{number} of {kills} kills")
                    if not number % len(KINDS):
                        kinds = chance.sample(KINDS, len(KINDS))  # each as often as the others
                    _kill(two, chance, outcome, only or kinds[number % len(KINDS)])
                    if number < kills - 1:
                        two.start()
                        time.sleep(SETTLES_S)
            head = event_log().head()
            query = "SELECT position FROM log_positions WHERE name = %s"
            assert eventually(lambda: two.one(query, Effects.name) >= head, CAUGHT_UP_WITHIN_S), (
                "the runners did not catch up"
            )
            _count(outcome)
        finally:
            codes = two.stop()
    assert codes <= {0}, "every runner that was not killed ends by itself"
    return outcome


def _kill(two: TwoRunners, chance: random.Random, outcome: Outcome, kind: str) -> None:
    """Kill something; when it was the leader, see how long nobody led."""
    kinds: dict[str, Callable[[], None]] = {
        "process": two.kill_leader,
        "sleep": two.pause_leader,
        "leases": lambda: two.cut(leases.APPLICATION),
        "listener": lambda: two.cut(LISTENER),
        "writer": two.cut_writers,
    }
    time.sleep(chance.uniform(0.05, 0.3))
    assert eventually(two.leader, READY_WITHIN_S), "nobody leads"
    before = two.one("SELECT coalesce(max(position), 0) FROM tests_effects")
    leader = two.leader()
    kinds[kind]()
    killed = time.monotonic()
    outcome.kills[kind] += 1
    if kind == "process" and leader is not None:
        news = "SELECT EXISTS (SELECT FROM tests_effects WHERE position > %s AND pid <> %s)"
        assert eventually(lambda: two.one(news, before, leader), READY_WITHIN_S)
        outcome.passed_on_ms.append((time.monotonic() - killed) * 1000)


def _count(outcome: Outcome) -> None:
    with psycopg.connect(connection_string()) as looker:
        rows = looker.execute("SELECT position FROM tests_effects").fetchall()
        log = looker.execute("SELECT notification_id FROM log_events").fetchall()
    effects = Counter(position for (position,) in rows)
    outcome.events = len(log)
    outcome.lost = sum(position not in effects for (position,) in log)
    outcome.doubled = sum(number - 1 for number in effects.values())
