"""Names of people who are spoken of again and again: looked up once in a while, not each time."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db import close_old_connections

from accounts import queries as accounts
from accounts.events import NameChosen, ProfileChanged
from rooms.announcements import Names, people_named
from spaces_project.kernel.log.event_log import Recorded

FRESH_S: Final = 5.0
MOST: Final = 4096  # people, 1 KB each at most


class Familiar:
    """Names of people of whom a feed spoke a moment ago; for the feed's thread.

    A new name is taken from the log, as soon as it comes; whoever is forgotten has none after ten
    seconds at the latest. A guest chooses a name and raises a hand in the same breath, and the
    tables may not know it yet: what was heard of last outlives the others.
    """

    def __init__(self) -> None:
        self._names: Names = {}
        self._chosen: Names = {}
        self._since = time.monotonic()

    def named(self, events: Sequence[Recorded]) -> Names:
        """Return the names that the announcements of these events need, and perhaps others."""
        now = time.monotonic()
        if now - self._since > FRESH_S or len(self._names) > MOST:
            self._names, self._chosen, self._since = self._chosen, {}, now
        unknown = [r for r in events if self._is_unknown(getattr(r.event, "account_id", None))]
        if unknown:
            close_old_connections()
            self._names |= people_named(unknown)
        return self._names

    def hear(self, events: Sequence[Recorded]) -> None:
        """Take note of new names."""
        for recorded in events:
            changed = recorded.event
            if isinstance(changed, ProfileChanged):
                person = self._names.get(changed.originator_id)
                if person is not None:
                    self._names[changed.originator_id] = replace(person, name=changed.name)

            elif isinstance(changed, NameChosen) and len(self._chosen) < MOST:
                account_id = changed.originator_id
                person = accounts.Person(account_id, changed.handle, changed.name)
                self._names[account_id] = self._chosen[account_id] = person

    def _is_unknown(self, account_id: UUID | None) -> bool:
        return account_id is not None and account_id not in self._names
