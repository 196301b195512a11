"""What no longer opens anything although its time is not over: keys and tokens taken back.

Every process that lets somebody in keeps the list in memory and looks five times a second for what
is new, so that asking costs a look into a dictionary, however many keys, sockets and requests there
are.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.once import once

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
FRESH_S: Final = 5.0  # what was taken back opens nothing after this time, in any process
CHORES_S: Final = 60.0
LATE_S: Final = 60  # a transaction that began earlier may become visible later, not by more

_REVOKE: Final = (
    "INSERT INTO revocations (credential, until) VALUES (%b, %b)"
    " ON CONFLICT (credential) DO NOTHING RETURNING credential"
)
# The newest time comes from the rows: the clock of another machine says nothing about them.
_NEWS: Final = (
    "SELECT credential, until, extract(epoch FROM revoked_at)::float8 FROM revocations"
    " WHERE revoked_at > to_timestamp(%b::float8) AND until > now()"
)
_IS_REVOKED: Final = "SELECT 1 FROM revocations WHERE credential = %b"
_FORGET: Final = (
    "WITH gone AS (DELETE FROM revocations WHERE until <= now() RETURNING credential)"
    " SELECT count(*) FROM gone"
)


class Revocations:
    """What was taken back, as far as this process knows."""

    def __init__(self) -> None:
        self._revoked: dict[UUID, datetime] = {}
        self._newest = 0.0  # epoch seconds, of the database's clock
        self._looked_at: float | None = None
        self._thread: threading.Thread | None = None
        self._chores: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def __contains__(self, credential: UUID | None) -> bool:
        return credential in self._revoked

    @property
    def is_fresh(self) -> bool:
        """Whether the list is watched here, and was looked at in the last five seconds."""
        looked_at = self._looked_at
        return looked_at is not None and time.monotonic() - looked_at < FRESH_S

    def revoke(self, credential: UUID, until: datetime) -> None:
        """Let a credential open nothing any more: at once here, within five seconds everywhere.

        :param until: when it would have ended by itself; from then on nobody need remember.
        """
        event_log().recorder.ask(_REVOKE, (credential, until))
        self._revoked[credential] = until

    def look(self) -> None:
        """Take note of what was revoked since the last look."""
        began = time.monotonic()
        for credential, until, at in event_log().recorder.ask(_NEWS, (self._newest - LATE_S,)):
            self._revoked[credential] = until
            self._newest = max(self._newest, at)
        self._looked_at = began

    def forget_what_has_ended(self) -> None:
        """Let go of what opens nothing any more by itself."""
        now = datetime.now(UTC)
        ended = [credential for credential, until in self._revoked.copy().items() if until <= now]
        for credential in ended:
            del self._revoked[credential]

    def also(self, chore: Callable[[], None]) -> None:
        """Have something done on the watching thread once a minute."""
        self._chores.append(chore)

    def watch(self) -> None:
        """Look again and again, on a thread of its own; a second call changes nothing."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="revocations", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        chores_at, lost = time.monotonic(), False
        while True:
            try:
                self.look()
                if time.monotonic() - chores_at > CHORES_S:
                    chores_at = time.monotonic()
                    self.forget_what_has_ended()
                    for chore in self._chores:
                        chore()
                lost = False
            except Exception as error:  # noqa: BLE001 - whatever it is, soon it looks again
                if not lost:
                    log.warning("nobody knows what was revoked: %s; trying", error)
                lost = True
            time.sleep(LOOK_S)


def is_revoked_now(credential: UUID) -> bool:
    """Ask the database, where no thread watches."""
    return bool(event_log().recorder.ask(_IS_REVOKED, (credential,)))


def forget_what_has_ended() -> None:
    """Delete revocations of what has ended by itself since."""
    event_log().recorder.ask(_FORGET, ())


@once
def revocations() -> Revocations:
    """Return this process's list; a process that was forked has to watch anew."""
    return Revocations()
