"""Two processes sell one sale's tickets, by mailboxes and beside them; one may be killed."""

import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from bench.ticket_sales.commands import open_sale
from bench.ticket_sales.sale import TicketsHeld
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from spaces_project.launcher.environment import PROJECT
from tests.kernel.ticket_buyers import ask

BOTH = 2
PATIENCE_S = 120.0
PRESS_TWICE = 0.2  # of all buyers, at the same moment, under the same key


@dataclass(frozen=True)
class Plan:
    """How large a rush is.

    :param racing: buyers, of all of a process, who load, decide and append by themselves.
    :param kill_after: tickets of the first process after which it is killed; None: it lives.
    """

    seed: int
    capacity: int
    buyers: int
    orders: int
    racing: int = 1
    kill_after: int | None = None
    broken: bool = False


@dataclass
class Outcome:
    """What the buyers were told, and what the log holds."""

    plan: Plan
    sale_id: UUID
    acknowledged: dict[UUID, int] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)
    unknown: set[UUID] = field(default_factory=set)
    told_twice: list[str] = field(default_factory=list)
    stream: list[DomainEvent] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Return what is wrong with it, in sentences; nothing if all promises were kept."""
        held: dict[UUID, int] = {}
        found = list(self.told_twice)
        for happened in self.stream:
            if isinstance(happened, TicketsHeld):
                if happened.order_id in held:
                    found.append(f"{happened.order_id} was stored twice")
                held[happened.order_id] = happened.originator_version
        if len(held) > self.plan.capacity:
            found.append(f"{len(held)} tickets were sold of {self.plan.capacity}")
        elif self.refused and len(held) < self.plan.capacity:
            found.append(f"only {len(held)} of {self.plan.capacity} were sold, and some refused")
        for order_id, version in self.acknowledged.items():
            if held.get(order_id) != version:
                found.append(f"{order_id} was told {version}, the log has {held.get(order_id)}")
        found += [f"{order_id} was refused and stored" for order_id in self.refused & held.keys()]
        wanted = self.acknowledged.keys() | self.unknown
        found += [f"{order_id} was stored for nobody" for order_id in held.keys() - wanted]
        return found

    def told(self, line: str) -> None:
        """Take down one line of a process."""
        kind, text, *more = json.loads(line)
        order_id = UUID(text)
        if kind == "held":
            self.unknown.discard(order_id)
            if self.acknowledged.setdefault(order_id, more[0]) != more[0]:
                self.told_twice.append(f"{order_id} got two answers")
        elif kind == "refused":
            self.unknown.discard(order_id)
            self.refused.add(order_id)
        else:
            self.unknown.add(order_id)


def rush(plan: Plan) -> Outcome:
    """Open a sale, let two processes sell it, and return what came of it."""
    sale_id = open_sale(sale_id=new_id(), capacity=plan.capacity).entity_id
    outcome = Outcome(plan, sale_id)
    processes = [_start(plan, sale_id, place) for place in range(BOTH)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    readers = [threading.Thread(target=_read, args=(outcome, process)) for process in processes]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    codes = [process.wait(PATIENCE_S) for process in processes]
    assert codes == [-signal.SIGKILL if plan.kill_after else 0, 0], codes
    for order_id in sorted(outcome.unknown):  # who got no answer asks again, under the same key
        outcome.told(ask(sale_id, order_id))
    while not outcome.refused:
        outcome.told(ask(sale_id, new_id()))
    outcome.stream = _stream(sale_id)
    return outcome


def _stream(sale_id: UUID) -> list[DomainEvent]:
    # Not by position: a reader of the log waits at a hole that a killed writer may have left.
    rows = event_log().recorder.of_stream(sale_id, 0, 10**6)
    return [event_log().mapper.to_domain_event(StoredEvent(sale_id, *row)) for row in rows]


def _start(plan: Plan, sale_id: UUID, place: int) -> "subprocess.Popen[str]":
    kill_after = 0 if place else plan.kill_after or 0
    words = [sale_id.hex, f"{plan.seed} {place}", plan.buyers, plan.orders, plan.racing, kill_after]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.ticket_buyers", *map(str, words), str(plan.broken)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _read(outcome: Outcome, process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            outcome.told(line)
