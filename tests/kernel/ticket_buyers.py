"""A process full of buyers: it prints a line for every answer, so that they outlive a kill."""

import itertools
import json
import os
import random
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from bench.ticket_sales.commands import hold_tickets, hold_tickets_in_a_race
from bench.ticket_sales.sale import SoldOut, TicketSale
from spaces_project.kernel.log.appends import StoredReceipt
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.mailbox import Batch, Mailbox
from spaces_project.kernel.log.wish import idempotent
from spaces_project.kernel.refusals import Contended, Refusal
from tests.kernel.jars import at_once

PRESS_TWICE = 0.2  # of all buyers, at the same moment, under the same key


class Kill:
    """Kills the process at a ticket: whatever the other buyers are just doing."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._held = itertools.count(1)

    def may_come(self) -> None:
        """Count one more ticket."""
        if next(self._held) == self._after:
            os.kill(os.getpid(), signal.SIGKILL)


def ask(sale_id: UUID, order_id: UUID, *, in_a_race: bool = False) -> str:
    """Order one ticket; return the line that says what came of it."""
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


def _buy(sale_id: UUID, seed: str, orders: int, kill: Kill, *, in_a_race: bool) -> None:
    chance = random.Random(seed)
    for _ in range(orders):
        order_id = UUID(int=chance.getrandbits(128))
        _say(json.dumps(["asked", order_id.hex]))
        presses = 2 if chance.random() < PRESS_TWICE else 1
        at_once([partial(_ask_and_say, sale_id, order_id, kill, in_a_race=in_a_race)] * presses)


def _ask_and_say(sale_id: UUID, order_id: UUID, kill: Kill, *, in_a_race: bool) -> None:
    answer = ask(sale_id, order_id, in_a_race=in_a_race)
    _say(answer)
    if answer.startswith('["held"'):
        kill.may_come()


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # whole, whoever else speaks


def _answer_before_it_is_stored() -> None:
    """Break the mailbox: tell everybody what is not certain yet."""
    real = Mailbox._store

    def store(self: Mailbox, batch: Batch) -> None:
        for ask, version in batch.agreed:
            ask.answer(StoredReceipt(False, self._id, version, 0, None, b""))
        for ask, error in batch.refused:
            ask.fail(error)
        real(self, batch)

    Mailbox._store = store  # type: ignore[method-assign]


def main(words: Sequence[str]) -> None:
    """Be one of the processes."""
    sale_id, seed = UUID(words[0]), words[1]
    buyers, orders, racing = map(int, words[2:5])
    kill = Kill(after=int(words[5]))
    if words[6] == "True":
        _answer_before_it_is_stored()
    event_log().load(TicketSale, sale_id)
    _say("ready")
    sys.stdin.read()
    crowd = [
        threading.Thread(
            target=_buy,
            args=(sale_id, f"{seed} {place}", orders, kill),
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
