"""The line in front of a mailbox: bounded, ended when the database is lost, never lost itself."""

import os
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from eventsourcing.persistence import OperationalError

from bench.ticket_sales.sale import TicketSale
from spaces_project.kernel import hot_commands
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import mailbox, mailboxes
from spaces_project.kernel.log.ask import Ask, Decision
from spaces_project.kernel.log.event_log import EventLog, Receipt, event_log
from spaces_project.kernel.log.mailboxes import Mailboxes
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from spaces_project.kernel.log.wish import Wish
from spaces_project.kernel.refusals import (
    Overloaded,
    StorageUnavailable,
)
from tests.kernel.box_office import (
    a_sale,
    busy,
    decide,
    hold,
    mailbox_threads,
    orders,
    together,
)
from tests.kernel.jars import NOON, at_once, eventually

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "boxes")]

AT_ONCE = 20


def test_too_many_in_line_are_told_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "MOST_WAITING", 3)
    sale_id = a_sale()

    with busy(sale_id) as go_on, ThreadPoolExecutor() as crowd:
        asks = [crowd.submit(hold(sale_id)) for _ in range(8)]
        assert eventually(lambda: sum(each.done() for each in asks) == 5, within_s=30)
        go_on.set()

    told = [each.exception() for each in asks if each.exception()]
    assert {type(each) for each in told} == {Overloaded}
    assert len(told) == 5
    assert len(orders(sale_id)) == 3


def test_who_waited_too_long_is_never_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sale_id = a_sale()
    monkeypatch.setattr(mailboxes, "GRACE_S", 60.0)

    with busy(sale_id):
        monkeypatch.setattr(mailboxes, "PATIENCE_S", 0.05)
        with pytest.raises(Overloaded):
            hold(sale_id)()

    monkeypatch.undo()
    assert orders(sale_id) == {}


def test_a_lost_database_fails_everybody_who_waits_at_once(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = a_sale()
    hold(sale_id)()
    tried: list[str] = []

    def lost(*_: object) -> None:
        tried.append("once")
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 4)
    with monkeypatch.context() as broken:
        for name in ("append", "receipts"):
            broken.setattr(event_log().recorder, name, lost)
        answers = together(boxes, sale_id, *[hold(sale_id) for _ in range(AT_ONCE)])

    assert {type(a) for a in answers} == {StorageUnavailable}
    # The batch that kept the mailbox busy meets it first, and whoever waits is told with it.
    assert len(tried) <= 2
    assert hold(sale_id)().version == 3


def test_what_cannot_be_loaded_fails_everybody_who_waits_at_once(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = a_sale()
    tried: list[str] = []

    def lost(*_: object) -> None:
        tried.append("once")
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr(EventLog, "load", lost)
        answers = at_once([hold(sale_id) for _ in range(AT_ONCE)])

    assert {type(a) for a in answers} == {StorageUnavailable}
    assert len(tried) <= AT_ONCE
    assert hold(sale_id)().version == 2
    assert boxes._ready == deque()


def test_a_lost_reply_is_resolved_and_not_guessed(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = a_sale(capacity=AT_ONCE)
    monkeypatch.setattr(mailbox, "STORAGE_PAUSE_S", 0.001)
    real, left = LogRecorder.append, 3

    def append(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        nonlocal left
        kept = real(self, added)
        left -= 1
        if left >= 0:
            raise OperationalError("server closed the connection unexpectedly")
        return kept

    monkeypatch.setattr(LogRecorder, "append", append)
    answers = together(boxes, sale_id, *[hold(sale_id) for _ in range(AT_ONCE)])

    assert {type(a) for a in answers} == {Receipt}
    assert all(a.replayed for a in answers)
    assert sorted(a.version for a in answers) == list(range(2, AT_ONCE + 2))
    assert len(orders(sale_id)) == AT_ONCE


def test_a_commit_that_is_seen_only_after_the_look_for_its_receipts_is_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sale_id = a_sale(capacity=1)
    real, look = LogRecorder.append, LogRecorder.receipts
    on_its_way: list[Append] = []

    def lose(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        del self
        on_its_way.append(added)
        monkeypatch.setattr(LogRecorder, "append", real)
        raise OperationalError("server closed the connection unexpectedly")

    def receipts(self: LogRecorder, command_ids: Sequence[UUID]) -> dict[UUID, StoredReceipt]:
        found = look(self, command_ids)
        while on_its_way:  # the commit is done now
            self.append(on_its_way.pop())
        return found

    monkeypatch.setattr(LogRecorder, "append", lose)
    monkeypatch.setattr(LogRecorder, "receipts", receipts)
    receipt = decide(sale_id=sale_id, what=lambda sale: sale.hold(new_id(), 1, NOON))

    assert (receipt.version, receipt.replayed) == (2, True)  # not: sold out
    assert len(orders(sale_id)) == 1


def test_a_decision_cannot_wait_for_another_mailbox() -> None:
    sale_id, other = a_sale(), a_sale()

    with pytest.raises(RuntimeError, match="may not wait"):
        decide(sale_id=sale_id, what=lambda _sale: hold(other)())

    assert orders(other) == {}


def test_threads_are_few_and_end_when_there_is_nothing_to_do(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Mailboxes(most_threads=2, idle_s=0.05)
    monkeypatch.setattr(hot_commands, "mailboxes", lambda: few)
    sales_open = [a_sale() for _ in range(10)]
    most = 0

    def count(_sale: TicketSale) -> None:
        nonlocal most
        most = max(most, len(mailbox_threads()))

    asks = [partial(decide, sale_id=sale_id, what=count) for sale_id in sales_open * 2]
    answers = at_once(asks)

    assert {type(a) for a in answers} == {Receipt}
    assert 1 <= most <= 2
    assert eventually(lambda: not mailbox_threads(), within_s=20)
    assert (few._boxes, few._threads, few._idle) == ({}, 0, 0)
    assert hold(sales_open[0])().version == 2
    del boxes


def test_a_mailbox_does_not_wait_for_the_thread_that_was_called_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes = Mailboxes(idle_s=0.3)
    monkeypatch.setattr(hot_commands, "mailboxes", lambda: boxes)
    slow, quick, go_on = a_sale(), a_sale(), threading.Event()
    hold(slow)()
    # On a busy machine it may have ended by now: as good.
    eventually(lambda: boxes._idle == 1, within_s=5)

    with boxes._change:  # both come before the idle thread runs
        first = Ask(Decision(TicketSale, slow, lambda _: go_on.wait(30)), Wish())
        boxes._post(first, (TicketSale, slow))
        second = Ask(Decision(TicketSale, quick, lambda _: None), Wish())
        boxes._post(second, (TicketSale, quick))

    assert second.wait(25)
    assert not first.is_answered
    go_on.set()
    assert first.wait(30)


def test_without_a_thread_nobody_waits_in_vain(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = a_sale()

    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as poor:
        poor.setattr(mailboxes._Thread, "start", no_thread)
        for _ in range(mailboxes.MOST_THREADS + 1):
            with pytest.raises(Overloaded):
                hold(sale_id)()

    assert hold(sale_id)().version == 2
    assert boxes._threads == 1


def test_only_so_many_entities_stay_loaded(
    boxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "MOST_KEPT", 2)

    for _ in range(5):
        hold(a_sale())()

    assert eventually(lambda: len(boxes._boxes) <= 2)


def test_after_a_fork_everything_starts_anew() -> None:
    sale_id = a_sale()
    before = mailboxes.mailboxes()
    with busy(sale_id):
        child = os.fork()
        if child == 0:  # pragma: no cover - another process
            os._exit(0 if mailboxes.mailboxes() is not before else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert mailboxes.mailboxes() is before
