"""What threads append at the same moment is written together, in one transaction.

A caller who is alone writes by itself, without a change of threads. Callers who come meanwhile
stand in line; a thread of its own then writes for all of them at once, and again for those who came
meanwhile, until nobody is left. So there is one transaction at a time, and under load one flush to
disk serves many callers. (Measured beside a caller who leads the others on, and beside a thread
that also writes for who is alone: ADR 0011.)
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, OperationalError

from spaces_project.kernel.log.appends import Append
from spaces_project.kernel.log.caller import Caller, Places
from spaces_project.kernel.log.writer import Clash, Stuck

Store = Callable[[Sequence[Append]], Sequence[Places]]
log = logging.getLogger(__name__)

MOST_APPENDS: Final = 128
MOST_EVENTS: Final = 1000
ATTEMPTS: Final = 3
# Only if all else fails: the connection itself gives up much earlier, and tells everybody.
LONGEST_WAIT_S: Final = 30.0


class GroupCommit:
    """Lets one caller, or one thread for many callers, write at a time.

    :param store: writes groups in one transaction, as :meth:`LogWriter.store`.
    :param stored: called after each commit.
    """

    def __init__(self, store: Store, stored: Callable[[], None]) -> None:
        self._store = store
        self._stored = stored
        self._mutex = threading.Lock()
        self._line: deque[Caller] = deque()
        self._writing: object = None  # the lone caller, or the thread
        self._thread: threading.Thread | None = None
        self._bell = threading.Semaphore(0)

    def commit(self, added: Append) -> Places:
        """Store an append; return the place of each answer, None for a conflict.

        :raises IntegrityError: if others were in the way again and again.
        :raises OperationalError: if the outcome is unknown.
        """
        mine = Caller(added)
        try:
            with self._mutex:
                if self._writing is None:
                    self._writing = mine
                else:
                    self._line.append(mine)
            if self._writing is mine:
                self._write([mine])
            elif not mine.told.acquire(timeout=LONGEST_WAIT_S):
                raise OperationalError("whoever writes does not come back")
        finally:  # also for a caller that is interrupted: others stand behind it
            if self._writing is mine:
                self._pass_on()
        return mine.answer()

    def _pass_on(self) -> None:
        with self._mutex:
            self._writing = self._bell if self._line else None
            if self._writing is None:
                return
        try:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="log writer", daemon=True)
                self._thread.start()
            self._bell.release()
        except RuntimeError:  # no more threads to be had
            self._write_the_line()

    def _serve(self) -> None:
        while True:
            self._bell.acquire()
            self._write_the_line()

    def _write_the_line(self) -> None:
        while True:
            with self._mutex:
                callers = self._next_callers()
                if not callers:
                    self._writing = None
                    return
            try:
                self._write(callers)
            except BaseException:
                log.exception("while appending for %d callers", len(callers))

    def _next_callers(self) -> list[Caller]:
        """Take those who can be written together, from the front of the line.

        Who touches a stream or a command of somebody before is put off: one transaction cannot
        see in advance which of the two is stored.
        """
        taken: list[Caller] = []
        put_off: list[Caller] = []
        touched: set[UUID | str] = set()
        events = 0
        while self._line and len(taken) < MOST_APPENDS and events < MOST_EVENTS:
            caller = self._line.popleft()
            added = caller.added
            own = {event.originator_id for event in added.stored_events}
            own.update([answer.command_id for answer in added.answers])
            if touched.isdisjoint(own) and touched.isdisjoint(s for s, _ in added.unchanged):
                taken.append(caller)
                events += len(added.stored_events)
            else:
                put_off.append(caller)
            touched |= own
        self._line.extendleft(reversed(put_off))
        return taken

    def _write(self, callers: list[Caller]) -> None:
        """Write for some callers, and tell each what became of it, whatever happens."""
        try:
            self._write_together(callers)
            for caller in callers:
                if not caller.is_told:
                    self._write_alone(caller, callers)
        finally:
            for caller in callers:  # who was told already stays so
                caller.tell(error=OperationalError("its writer was interrupted"))

    def _write_together(self, callers: list[Caller]) -> None:
        """Write for all; if one stands in the way of all, leave it to them singly."""
        try:
            found = self._store([caller.added for caller in callers])
        except OperationalError as error:
            if not isinstance(error, Stuck):
                self._all_is_lost(callers, error)
            return
        except Exception as error:  # noqa: BLE001 - it is raised again to whom it belongs
            log.info("%d appends are tried singly: %s", len(callers), error)
            return
        for caller, places in zip(callers, found, strict=True):
            caller.tell(places)
        self._stored()

    def _write_alone(self, caller: Caller, others: list[Caller]) -> None:
        trouble = ""
        for _ in range(ATTEMPTS):
            try:
                (places,) = self._store([caller.added])
            except Clash as clash:
                trouble = str(clash)  # the other one is over: what it stored is seen next time
            except Stuck as stuck:
                for each in others:  # do not wait again for the same row
                    if each is caller or each.added.room_id == caller.added.room_id is not None:
                        each.tell(error=OperationalError(str(stuck)))
                return
            except OperationalError as lost:
                self._all_is_lost(others, lost)
                return
            except Exception as error:  # noqa: BLE001 - this caller's own
                caller.tell(error=error)
                return
            else:
                caller.tell(places)
                self._stored()
                return
        caller.tell(error=IntegrityError(trouble))

    def _all_is_lost(self, callers: list[Caller], error: Exception) -> None:
        """Nobody waits for a database that is not there: also those in line are told."""
        with self._mutex:
            lined_up = list(self._line)
            self._line.clear()
        for caller in callers + lined_up:
            caller.tell(error=OperationalError(str(error)))
