"""The connections of this process: the truth is here, the table follows."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from django.conf import settings

from rooms.presence.tables import News, Place, write
from spaces_project.kernel.database import connect_watched
from spaces_project.kernel.once import once
from spaces_project.kernel.outages import passes
from spaces_project.kernel.refusals import StorageUnavailable

log = logging.getLogger(__name__)

APPLICATION: Final = "spaces presence"  # what pg_stat_activity calls it
PAUSE_S: Final = 0.5
MOST_RENEWED: Final = 10_000  # whom to remember; beyond it some are renewed once too often


class Board:
    """Says who is connected here, by a thread of its own that writes whatever waits at once.

    The row of a connection is there before ``connected`` is answered: whoever waits for it, and
    joins then, cannot be dropped on account of an older connection.

    A process that stood still for longer than its lease finds the lease gone when it wakes, and
    its people dropped, perhaps. ``when_lost`` is told, on the board's thread, of the connections
    that had been written; they count again, but nobody says to whom that is of no use any more.
    """

    def __init__(self) -> None:
        self.process_id = uuid4()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._ids: dict[Hashable, UUID] = {}
        self._held: dict[UUID, Place] = {}
        self._written: set[UUID] = set()  # of those who are held
        self.when_lost: Callable[[list[Hashable]], None] | None = None
        self._news = News()
        self._waiting: list[Future[None]] = []
        self._renewed_at: dict[Place, float] = {}
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._is_lost = False

    def connected(self, who: Hashable, room_id: UUID, account_id: UUID) -> Future[None]:
        """Count a connection, whatever stands for it, as somebody's in a room from now on.

        The answer fails with StorageUnavailable if nobody can tell whether it is written.
        """
        place = Place(room_id, account_id)
        with self._lock:
            known = self._ids.get(who)
            if known is None:
                known = self._ids[who] = uuid4()
                self._held[known] = self._news.come[known] = place
            return self._soon()

    def disconnected(self, who: Hashable) -> None:
        """Count a connection no longer; one that never was counted changes nothing."""
        with self._lock:
            known = self._ids.pop(who, None)
            if known is not None:
                self._news.gone[known] = self._held.pop(known)
                self._news.come.pop(known, None)
                self._written.discard(known)
                self._soon()

    def asking(self, room_id: UUID, account_id: UUID) -> Future[None]:
        """Count somebody who only sends requests as connected for a while."""
        with self._lock:
            self._news.asking.add(Place(room_id, account_id))
            return self._soon()

    def renewed(self, room_id: UUID, account_id: UUID) -> None:
        """Count on: whoever is connected by requests has sent another one."""
        place, now = Place(room_id, account_id), time.monotonic()
        with self._lock:
            if now - self._renewed_at.get(place, -1e9) < settings.ROOM_RULES.request_lease_s / 4:
                return
            if len(self._renewed_at) >= MOST_RENEWED:
                self._renewed_at.clear()
            self._renewed_at[place] = now
            self._news.renewed.add(place)
            self._soon()

    def stop(self) -> None:
        """Write what waits, and end; the lease runs out by itself."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(5)

    def _soon(self) -> Future[None]:
        written: Future[None] = Future()
        self._waiting.append(written)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
            self._thread.start()
        self._woken.set()
        return written

    def _run(self) -> None:
        all_anew = True
        while not self._stopped.is_set() or self._news:
            self._woken.wait(settings.ROOM_RULES.process_lease_s / 3)
            self._woken.clear()
            with self._lock:
                news, self._news = self._news, News()
                waiting, self._waiting = self._waiting, []
                is_empty = not news and not self._held
            if is_empty:
                continue  # the lease may lapse: nothing stands under it
            try:
                stood = self._write(news, all_anew=all_anew)
                self._note_written(news, all_anew=all_anew, stood=stood)
            except Exception as error:  # noqa: BLE001 - whatever it is, the truth is in memory
                self._keep(news, waiting, error)
                all_anew = True
                if self._stopped.wait(PAUSE_S):
                    return
            else:
                all_anew = self._is_lost = False
                for each in waiting:
                    with suppress(InvalidStateError):  # given up meanwhile
                        each.set_result(None)

    def _note_written(self, news: News, *, all_anew: bool, stood: bool) -> None:
        """Remember who is written; if the lease was gone, say who had been."""
        with self._lock:
            lost = [] if stood else [who for who, i in self._ids.items() if i in self._written]
            new = news.come.keys() & self._held.keys()
            if all_anew or not stood:
                new = self._held.keys() - self._news.come.keys()
            self._written |= new
        if lost and self.when_lost is not None:
            log.warning("this process was thought gone with %d connections", len(lost))
            self.when_lost(lost)

    def _write(self, news: News, *, all_anew: bool) -> bool:
        if self._connection is None:
            self._connection = connect_watched(APPLICATION)
        rules = settings.ROOM_RULES
        held = self._all_held
        return write(self._connection, self.process_id, news, held, rules, all_anew=all_anew)

    def _all_held(self) -> dict[UUID, Place]:
        with self._lock:
            return dict(self._held)

    def _keep(self, news: News, waiting: list[Future[None]], error: Exception) -> None:
        """Write it later; whoever waits is told that nobody knows."""
        if not self._is_lost:
            log.warning("who is connected is not written: %s", error, exc_info=not passes(error))
        self._is_lost = True
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
        with self._lock:
            self._news.gone = {**news.gone, **self._news.gone}
            self._news.asking |= news.asking
            self._news.renewed |= news.renewed
            self._woken.set()  # what came meanwhile, and what is kept, after a pause
        for each in waiting:
            with suppress(InvalidStateError):
                each.set_exception(StorageUnavailable(retry_after_s=2))


@once
def board() -> Board:
    """Return this process's board."""
    return Board()
