"""Mailboxes: many commands in one append, each with its own answer, none hurt by another."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bench.ticket_sales.sale import OrderDiffers, SoldOut, TicketSale
from spaces_project.kernel import hot_commands
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import mailbox
from spaces_project.kernel.log.event_log import EventLog, Receipt
from spaces_project.kernel.log.mailboxes import Mailboxes
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from tests.kernel.box_office import (
    a_sale,
    decide,
    hold,
    orders,
    together,
)
from tests.kernel.jars import NOON, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "boxes")]

AT_ONCE = 20


@pytest.fixture
def appends(monkeypatch: pytest.MonkeyPatch) -> list[Append]:
    """What is appended from here on."""
    seen: list[Append] = []
    real = LogRecorder.append

    def append(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        seen.append(added)
        return real(self, added)

    monkeypatch.setattr(LogRecorder, "append", append)
    return seen


def test_many_commands_are_one_append_and_each_has_its_own_receipt(
    boxes: Mailboxes, appends: list[Append]
) -> None:
    sale_id = a_sale()
    appends.clear()

    answers = together(boxes, sale_id, *[hold(sale_id) for _ in range(AT_ONCE)])

    assert [len(each.answers) for each in appends] == [1, AT_ONCE]
    assert sorted(a.version for a in answers) == list(range(2, AT_ONCE + 2))
    log = {r.event.originator_version: r.position for r in stored()}
    assert {a.version: a.position for a in answers} == {v: p for v, p in log.items() if v > 1}
    assert not any(a.replayed for a in answers)


def test_no_append_is_larger_than_its_bound(
    boxes: Mailboxes, appends: list[Append], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 7)
    sale_id = a_sale()

    together(boxes, sale_id, *[hold(sale_id) for _ in range(AT_ONCE)])

    assert max(len(each.answers) for each in appends) == 7
    assert len(orders(sale_id)) == AT_ONCE


def test_who_is_refused_disturbs_no_other(boxes: Mailboxes) -> None:
    sale_id = a_sale(capacity=3)

    answers = together(boxes, sale_id, *[hold(sale_id) for _ in range(10)])

    assert sum(isinstance(a, Receipt) for a in answers) == 3
    assert sum(isinstance(a, SoldOut) for a in answers) == 7
    assert len(orders(sale_id)) == 3
    assert len(stored()) == 4


def test_a_bug_hits_only_who_brought_it(boxes: Mailboxes) -> None:
    sale_id = a_sale()

    def stumble(sale: TicketSale) -> None:
        sale.hold(new_id(), 500, NOON)
        sale.orders.clear()  # against every rule: changed without an event
        raise ZeroDivisionError

    def unwritable(sale: TicketSale) -> None:
        sale.hold(new_id(), lambda: "no number", NOON)  # type: ignore[arg-type]

    def leave(_sale: TicketSale) -> None:
        raise SystemExit

    wrong = [partial(decide, sale_id=sale_id, what=what) for what in (stumble, unwritable, leave)]
    good = [hold(sale_id) for _ in range(6)]
    mixed: list[Callable[[], object]] = [
        good[0],
        wrong[0],
        good[1],
        good[2],
        wrong[1],
        good[3],
        good[4],
        good[5],
    ]

    answers = together(boxes, sale_id, *mixed)

    assert isinstance(answers[1], ZeroDivisionError)
    assert isinstance(answers[4], TypeError)
    assert sum(isinstance(a, Receipt) for a in answers) == len(good)
    with pytest.raises(SystemExit):
        wrong[2]()
    assert hold(sale_id)().version == 8
    assert len(orders(sale_id)) == 7
    assert sum(orders(sale_id).values()) == 7


def test_half_a_decision_leaves_nothing_behind(boxes: Mailboxes) -> None:
    sale_id = a_sale(capacity=10)

    def too_much(sale: TicketSale) -> None:
        sale.hold(new_id(), 8, NOON)
        sale.hold(new_id(), 8, NOON)

    answers = together(
        boxes,
        sale_id,
        partial(decide, sale_id=sale_id, what=too_much),
        hold(sale_id, quantity=5),
        hold(sale_id, quantity=5),
    )

    assert isinstance(answers[0], SoldOut)
    assert [type(a) for a in answers[1:]] == [Receipt, Receipt]
    assert sorted(orders(sale_id).values()) == [5, 5]


def test_an_order_costs_no_more_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes = Mailboxes(idle_s=1.0)  # what an idle thread forgets is loaded again
    monkeypatch.setattr(hot_commands, "mailboxes", lambda: boxes)
    sale_id = a_sale(10**9)
    hold(sale_id)()
    loads, real = 0, EventLog.load

    def load(self: EventLog, *args: Any, **kwargs: Any) -> object:
        nonlocal loads
        loads += 1
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EventLog, "load", load)
    for _ in range(10):
        together(boxes, sale_id, *[hold(sale_id) for _ in range(AT_ONCE)])
        with pytest.raises(OrderDiffers):
            decide(sale_id=sale_id, what=lambda sale: sale.hold(next(iter(sale.orders)), 9, NOON))

    assert loads < 3  # in 21 batches
