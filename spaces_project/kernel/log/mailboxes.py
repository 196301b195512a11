"""The mailboxes of this process and the few threads that empty them."""

import logging
import os
import threading
import time
from collections import OrderedDict, deque
from typing import Any, Final
from uuid import UUID

from spaces_project.kernel.entity import Entity
from spaces_project.kernel.log.ask import Ask, Decision
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.mailbox import Mailbox
from spaces_project.kernel.log.wish import Wish
from spaces_project.kernel.once import once
from spaces_project.kernel.refusals import Overloaded, StorageUnavailable, Unexpected

MOST_THREADS: Final = 8  # as many entities store at the same moment; each holds a connection then
MOST_WAITING: Final = 1000  # for one entity; a fifth of a second's work
MOST_KEPT: Final = 64  # entities that stay loaded
IDLE_S: Final = 5.0  # until a thread that has nothing to do ends
PATIENCE_S: Final = 5.0  # as long as a statement may take
GRACE_S: Final = 5.0  # for what is already being stored
log = logging.getLogger(__name__)


class Mailboxes:
    """Hands each command to the mailbox of its entity, and waits for the answer."""

    def __init__(self, most_threads: int = MOST_THREADS, idle_s: float = IDLE_S) -> None:
        self._most_threads = most_threads
        self._idle_s = idle_s
        self._boxes: OrderedDict[tuple[type[Entity], UUID], Mailbox] = OrderedDict()
        self._ready: deque[Mailbox] = deque()
        self._change = threading.Condition()
        self._threads = 0
        self._idle = 0

    def ask(self, decision: Decision[Any], wish: Wish) -> Receipt:
        """Let an entity decide, and return the receipt.

        :raises Overloaded: if it was not carried out, because too many wait.
        :raises StorageUnavailable: if nobody can tell yet whether it was.
        :raises Refusal: what the entity says.
        """
        if isinstance(threading.current_thread(), _Thread):
            raise RuntimeError("a decision in a mailbox may not wait for another one")
        ask = Ask(decision, wish)
        box = self._post(ask, (decision.entity_type, decision.entity_id))
        if not ask.wait(PATIENCE_S):
            with self._change:
                if ask in box.waiting:
                    box.waiting.remove(ask)
                    raise Overloaded(retry_after_s=1)
            if not ask.wait(GRACE_S):
                raise StorageUnavailable(retry_after_s=2)
        return ask.result()

    def _post(self, ask: Ask, place: tuple[type[Entity], UUID]) -> Mailbox:
        with self._change:
            box = self._boxes.get(place)
            if box is None:
                box = self._boxes[place] = Mailbox(*place)
            self._boxes.move_to_end(place)
            if len(box.waiting) >= MOST_WAITING:
                raise Overloaded(retry_after_s=1)
            box.waiting.append(ask)
            self._schedule(box)
        return box

    def _schedule(self, box: Mailbox) -> None:
        if not box.is_scheduled:
            box.is_scheduled = True
            self._ready.append(box)
            if len(self._ready) <= self._idle:  # one for each: who is called is idle until it runs
                self._change.notify()
            elif self._threads < self._most_threads:
                self._start_thread()

    def _start_thread(self) -> None:
        self._threads += 1
        try:
            _Thread(target=self._work, name="mailbox", daemon=True).start()
        except RuntimeError as error:  # no more threads to be had
            self._threads -= 1
            log.warning("no thread for mailboxes beside %d: %s", self._threads, error)
            while self._ready and not self._threads:
                box = self._ready.popleft()
                box.is_scheduled = False
                box.refuse_all(Overloaded(retry_after_s=1))

    def _work(self) -> None:
        while (box := self._next()) is not None:
            with self._change:
                asks = box.take()
            try:
                within_reach = box.carry_out(asks)
            finally:
                for ask in asks:
                    if not ask.is_answered:
                        ask.fail(Unexpected())
            self._put_back(box, within_reach=within_reach)

    def _next(self) -> Mailbox | None:
        """Wait for a mailbox with something in it; None after a while."""
        with self._change:
            self._idle += 1
            until = time.monotonic() + self._idle_s
            while not self._ready and (left_s := until - time.monotonic()) > 0:
                self._change.wait(left_s)
            self._idle -= 1
            if self._ready:
                return self._ready.popleft()
            self._threads -= 1
            if not self._threads:
                self._boxes.clear()
            return None

    def _put_back(self, box: Mailbox, *, within_reach: bool) -> None:
        with self._change:
            box.is_scheduled = False
            if not within_reach:
                box.refuse_all(StorageUnavailable(retry_after_s=2))
            if box.waiting:
                self._schedule(box)
            while (
                len(self._boxes) > MOST_KEPT and not next(iter(self._boxes.values())).is_scheduled
            ):
                self._boxes.popitem(last=False)


class _Thread(threading.Thread):
    """A thread that empties mailboxes."""


@once
def mailboxes() -> Mailboxes:
    """Return this process's mailboxes."""
    return Mailboxes()


os.register_at_fork(after_in_child=mailboxes.forget)
