"""A sale of tickets and its mailbox, for the tests of mailboxes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

from bench.ticket_sales.commands import hold_tickets, open_sale
from bench.ticket_sales.sale import TicketSale
from spaces_project.kernel.hot_commands import Decision, in_mailbox
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.kernel.log.mailboxes import Mailboxes
from spaces_project.kernel.log.wish import idempotent
from spaces_project.kernel.refusals import StorageUnavailable
from tests.kernel.jars import at_once, eventually

Decide = Callable[[TicketSale], object]


def mailbox_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mailbox"]


def a_sale(capacity: int = 1000) -> UUID:
    return open_sale(sale_id=new_id(), capacity=capacity).entity_id


@in_mailbox
def decide(*, sale_id: UUID, what: Decide) -> Decision[TicketSale]:
    """Let a sale decide whatever a test wants."""
    return Decision(TicketSale, sale_id, what)


def asked(key: str, body: bytes = b"{}", **facts: Any) -> Receipt:
    with idempotent("ana", key, body):
        return hold_tickets(**facts)


@contextmanager
def busy(sale_id: UUID) -> Iterator[threading.Event]:
    """Keep the mailbox of a sale busy until the event is set, or the block ends."""
    begun, go_on = threading.Event(), threading.Event()

    def take_long(_sale: TicketSale) -> None:
        begun.set()
        assert go_on.wait(30)

    def ask() -> None:
        with suppress(StorageUnavailable):  # some tests take the database away meanwhile
            decide(sale_id=sale_id, what=take_long)

    first = threading.Thread(target=ask)
    first.start()
    try:
        assert begun.wait(30)
        yield go_on
    finally:
        go_on.set()
        first.join()


def together(boxes: Mailboxes, sale_id: UUID, *asks: Callable[[], object]) -> list[Any]:
    """Let all of these be decided in one batch; return answers and errors in their order."""

    def let_go_when_all_wait() -> None:
        line = boxes._boxes[TicketSale, sale_id].waiting
        eventually(lambda: len(line) == len(asks), within_s=30)
        go_on.set()

    with busy(sale_id) as go_on:
        return at_once([*asks, let_go_when_all_wait])[:-1]


def hold(sale_id: UUID, order_id: UUID | None = None, quantity: int = 1) -> Callable[[], Receipt]:
    order_id = order_id or new_id()
    return partial(hold_tickets, sale_id=sale_id, order_id=order_id, quantity=quantity)


def orders(sale_id: UUID) -> dict[UUID, int]:
    return event_log().fill(TicketSale(sale_id)).orders
