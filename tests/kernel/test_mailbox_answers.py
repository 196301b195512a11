"""What a mailbox answers: to repetitions the first answer, to nobody what is out of date."""

import pytest

from bench.ticket_sales import commands as sales
from bench.ticket_sales.commands import release_tickets
from bench.ticket_sales.sale import NoSuchOrder, OrderDiffers, SoldOut, TicketSale
from spaces_project.kernel.hot_commands import Decision, in_mailbox
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import EventLog, Receipt
from spaces_project.kernel.log.mailboxes import Mailboxes
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
    hold,
    orders,
    together,
)
from tests.kernel.jars import NOON, at_once, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "boxes")]

AT_ONCE = 20


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
