"""How many sockets a person may have open, and everybody together in this process."""

import asyncio
from collections import Counter
from collections.abc import Callable
from uuid import UUID

from spaces_project.kernel.limits.table import Limit
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.greeting import Goodbye
from spaces_project.kernel.sockets.shared_places import SharedPlaces, shared_places


class Places:
    """Sockets that are open now; lives on the event loop.

    :param shared: the count over all processes, where there is one.
    """

    def __init__(self, shared: Callable[[], SharedPlaces | None] = lambda: None) -> None:
        self._shared = shared
        self.taken = 0
        self._by_account: Counter[UUID] = Counter()

    def enter(self, limit: Limit | None) -> None:
        """Take a place in the process; :meth:`leave` gives it back.

        :raises Goodbye: if it is full.
        """
        if limit is not None and self.taken >= limit.amount:
            raise Goodbye(close_codes.FULL, "this process has as many sockets as it takes")
        self.taken += 1

    def leave(self) -> None:
        """Give a place in the process back."""
        self.taken -= 1

    async def sit_down(self, account_id: UUID, limit: Limit | None) -> None:
        """Count a signed-in socket; :meth:`get_up` counts it out.

        :raises Goodbye: if this person has too many, here or in all processes together.
        """
        if limit is not None and self._by_account[account_id] >= limit.amount:
            raise _too_many(limit)
        self._by_account[account_id] += 1
        if limit is None or (shared := self._shared()) is None:
            return
        is_granted = False
        try:
            here = self._by_account[account_id]
            is_granted = await asyncio.wrap_future(shared.ask(account_id, here, limit.amount))
        finally:
            if not is_granted:  # or the socket went while that was asked
                self.get_up(account_id)
        if not is_granted:
            raise _too_many(limit)

    def get_up(self, account_id: UUID) -> None:
        """Count a signed-in socket out."""
        self._by_account[account_id] -= 1
        here = self._by_account[account_id]
        if not here:
            del self._by_account[account_id]
        if (shared := self._shared()) is not None:
            shared.tell(account_id, here)


def _too_many(limit: Limit) -> Goodbye:
    return Goodbye(close_codes.RATE_LIMITED, f"{limit.amount} sockets are open already")


places = Places(shared_places)
