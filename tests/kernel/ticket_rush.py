"""Two processes sell one sale's tickets, by mailboxes and beside them; one may be killed.

Run as a module it is one of the processes: it prints a line for every answer that it got, so that
whoever started it knows what was acknowledged also when it is killed.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from bench.ticket_sales.commands import hold_tickets, hold_tickets_in_a_race, open_sale
from bench.ticket_sales.sale import SoldOut, TicketSale, TicketsHeld
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt, Recorded, event_log
from spaces_project.kernel.log.mailbox import Batch, Mailbox
from spaces_project.kernel.log.wish import idempotent
from spaces_project.kernel.refusals import Contended, Refusal
from spaces_project.launcher.environment import PROJECT
from tests.kernel.jars import at_once

BOTH = 2
PATIENCE_S = 120.0
PRESS_TWICE = 0.2  # of all buyers, at the same moment, under the same key


@dataclass(frozen=True)
class Plan:
    """How large a rush is.

    :param racing: buyers, of all of a process, who load, decide and append by themselves.
    :param kill_after: answers of the first process after which it is killed; None: it lives.
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
    killed: bool = False
    told_twice: list[str] = field(default_factory=list)
    log: list[Recorded] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Return what is wrong with it, in sentences; nothing if all promises were kept."""
        held: dict[UUID, int] = {}
        found = list(self.told_twice)
        for recorded in self.log:
            if isinstance(recorded.event, TicketsHeld):
                order_id = recorded.event.order_id
                if order_id in held:
                    found.append(f"{order_id} was stored twice")
                held[order_id] = recorded.event.originator_version
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
    readers = [
        threading.Thread(target=_read, args=(outcome, process, plan.kill_after if not p else None))
        for p, process in enumerate(processes)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    codes = [process.wait(PATIENCE_S) for process in processes]
    outcome.killed = codes[0] == -signal.SIGKILL
    assert codes in ([0, 0], [-signal.SIGKILL, 0]), codes
    for order_id in sorted(outcome.unknown):  # who got no answer asks again, under the same key
        outcome.told(_ask(sale_id, order_id))
    outcome.log = [r for r in event_log().read(0, 10**6) if r.event.originator_id == sale_id]
    return outcome


def _start(plan: Plan, sale_id: UUID, place: int) -> "subprocess.Popen[str]":
    words = [sale_id.hex, f"{plan.seed} {place}", plan.buyers, plan.orders, plan.racing]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.ticket_rush", *map(str, words), str(plan.broken)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _read(outcome: Outcome, process: "subprocess.Popen[str]", kill_after: int | None) -> None:
    assert process.stdout is not None
    answers = 0
    with process.stdout:
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # half a line: it was killed in the middle of it
            outcome.told(line)
            answers += '"held"' in line
            if answers == kill_after:
                process.kill()


def _ask(sale_id: UUID, order_id: UUID, *, in_a_race: bool = False) -> str:
    hold = hold_tickets_in_a_race if in_a_race else hold_tickets
    while True:
        try:
            with idempotent("buyer", order_id.hex, b"{}"):
                receipt = hold(sale_id=sale_id, order_id=order_id)
        except SoldOut:
            return json.dumps(["refused", order_id.hex])
        except Contended:
            continue
        except Refusal as refusal:
            return json.dumps(["unknown", order_id.hex, refusal.code])
        return json.dumps(["held", order_id.hex, receipt.version])


def _buy(sale_id: UUID, seed: str, orders: int, *, in_a_race: bool) -> None:
    chance = random.Random(seed)
    for _ in range(orders):
        order_id = UUID(int=chance.getrandbits(128))
        _say(json.dumps(["asked", order_id.hex]))
        presses = 2 if chance.random() < PRESS_TWICE else 1
        at_once([partial(_ask_and_say, sale_id, order_id, in_a_race=in_a_race)] * presses)


def _ask_and_say(sale_id: UUID, order_id: UUID, *, in_a_race: bool) -> None:
    _say(_ask(sale_id, order_id, in_a_race=in_a_race))


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # whole, whoever else speaks


def _answer_before_it_is_stored() -> None:
    """Break the mailbox: tell everybody what is not certain yet."""
    real = Mailbox._store

    def store(self: Mailbox, batch: Batch) -> None:
        for ask, version in batch.agreed:
            ask.answer(Receipt(self._id, version, 0, None))
        for ask, error in batch.refused:
            ask.fail(error)
        real(self, batch)

    Mailbox._store = store  # type: ignore[method-assign]


def main(words: Sequence[str]) -> None:
    """Be one of the processes."""
    sale_id, seed = UUID(words[0]), words[1]
    buyers, orders, racing = map(int, words[2:5])
    if words[5] == "True":
        _answer_before_it_is_stored()
    event_log().load(TicketSale, sale_id)
    _say("ready")
    sys.stdin.read()
    crowd = [
        threading.Thread(
            target=_buy,
            args=(sale_id, f"{seed} {place}", orders),
            kwargs={"in_a_race": place < racing},
        )
        for place in range(buyers)
    ]
    for buyer in crowd:
        buyer.start()
    for buyer in crowd:
        buyer.join()


if __name__ == "__main__":
    main(sys.argv[1:])
