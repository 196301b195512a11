"""Mailboxes: many commands in one append, each with its own answer, none hurt by another."""

from collections.abc import Callable
from functools import partial

import pytest

from bench.ticket_sales import commands as sales
from bench.ticket_sales.commands import release_tickets
from bench.ticket_sales.sale import NoSuchOrder, OrderDiffers, SoldOut, TicketSale
from spaces_project.kernel.hot_commands import Decision, in_mailbox
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log import mailbox
from spaces_project.kernel.log.event_log import EventLog, Receipt
from spaces_project.kernel.log.mailboxes import Mailboxes
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from spaces_project.kernel.log.wish import expecting_version
from spaces_project.kernel.refusals import (
    Forgotten,
    KeyReused,
    NotFound,
    VersionMismatch,
)
from tests.kernel.box_office import (
    a_sale,
    asked,
    decide,
    hold,
    orders,
    together,
)
from tests.kernel.jars import NOON, at_once, stored

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


def test_one_wish_many_times_at_once_happens_once() -> None:
    sale_id, order_id = a_sale(), new_id()

    answers = at_once([lambda: asked("k", sale_id=sale_id, order_id=order_id)] * AT_ONCE)

    assert [a for a in answers if not isinstance(a, Receipt)] == []
    assert {(a.version, a.position) for a in answers} == {(2, answers[0].position)}
    assert sorted(a.replayed for a in answers) == [False] + [True] * (AT_ONCE - 1)
    assert len(stored()) == 2


def test_a_repetition_gets_the_first_answer_also_when_it_would_be_refused_by_now() -> None:
    sale_id, order_id = a_sale(capacity=1), new_id()
    first = asked("k", sale_id=sale_id, order_id=order_id)
    release_tickets(sale_id=sale_id, order_id=order_id)
    hold(sale_id)()

    again = asked("k", sale_id=sale_id, order_id=order_id)

    assert again.replayed
    assert (again.version, again.position) == (first.version, first.position)
    with pytest.raises(KeyReused):
        asked("k", b"another", sale_id=sale_id, order_id=order_id)
    with pytest.raises(SoldOut):
        asked("k2", sale_id=sale_id, order_id=order_id)


def test_what_changes_nothing_is_answered_all_the_same(boxes: Mailboxes) -> None:
    sale_id, order_id = a_sale(), new_id()
    first = hold(sale_id, order_id)()

    again = hold(sale_id, order_id)()
    mixed = together(boxes, sale_id, hold(sale_id), hold(sale_id, order_id))

    assert (again.version, again.replayed) == (first.version, False)
    assert isinstance(mixed[1], Receipt)
    assert len(stored()) == 3
    with pytest.raises(OrderDiffers):
        hold(sale_id, order_id, quantity=2)()


def test_a_writer_beside_the_mailbox_is_heard() -> None:
    sale_id = a_sale(capacity=3)
    hold(sale_id)()

    sales.hold_tickets_in_a_race(sale_id=sale_id, order_id=new_id())

    assert hold(sale_id)().version == 4
    with pytest.raises(SoldOut):
        hold(sale_id)()


@pytest.mark.parametrize("no", [SoldOut, NoSuchOrder])
def test_nobody_is_refused_by_what_is_out_of_date(no: type[Exception]) -> None:
    sale_id, order_id, later = a_sale(capacity=1), new_id(), new_id()
    hold(sale_id, order_id)()
    another = EventLog()  # as another process would
    elsewhere = another.load(TicketSale, sale_id)
    elsewhere.release(order_id, NOON)
    if no is NoSuchOrder:
        elsewhere.hold(later, 1, NOON)
    another.append(elsewhere)
    another.close()

    if no is SoldOut:
        assert hold(sale_id, later)().version == 4
    else:
        assert release_tickets(sale_id=sale_id, order_id=later).version == 5


def test_the_version_that_a_client_expects_is_looked_at() -> None:
    sale_id = a_sale()
    with expecting_version(1):
        hold(sale_id)()

    with pytest.raises(VersionMismatch), expecting_version(1):
        hold(sale_id)()

    assert len(orders(sale_id)) == 1


def test_what_is_not_there_is_refused_as_its_command_says() -> None:
    def nothing(sale: TicketSale) -> None:
        del sale

    with pytest.raises(NotFound):
        hold(new_id())()
    with pytest.raises(NoSuchOrder):
        in_mailbox(lambda: Decision(TicketSale, new_id(), nothing, otherwise=NoSuchOrder))()


def test_what_is_forgotten_stays_so() -> None:
    sale_id = a_sale()
    hold(sale_id)()

    key_store().destroy(sale_id)

    assert {type(a) for a in at_once([hold(sale_id) for _ in range(3)])} == {Forgotten}
