"""How many sockets a person, and everybody together, may have open in this process."""

from collections import Counter
from uuid import UUID

from spaces_project.kernel.limits.table import Limit
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.greeting import Goodbye


class Places:
    """Sockets that are open now; lives on the event loop."""

    def __init__(self) -> None:
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

    def sit_down(self, account_id: UUID, limit: Limit | None) -> None:
        """Count a signed-in socket; :meth:`get_up` counts it out.

        :raises Goodbye: if this person has too many.
        """
        if limit is not None and self._by_account[account_id] >= limit.amount:
            raise Goodbye(close_codes.RATE_LIMITED, f"{limit.amount} sockets are open already")
        self._by_account[account_id] += 1

    def get_up(self, account_id: UUID) -> None:
        """Count a signed-in socket out."""
        self._by_account[account_id] -= 1
        if not self._by_account[account_id]:
            del self._by_account[account_id]


places = Places()
