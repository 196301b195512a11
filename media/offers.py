"""How often one person may open a session."""

import math
from collections import deque
from typing import Final
from uuid import UUID

from media.domain.errors import TooManyOffers
from media.domain.limits import OFFERS_PER_MINUTE

WINDOW_S: Final = 60.0


class OfferAllowance:
    """Six offers in any minute for each account."""

    def __init__(self, per_minute: int = OFFERS_PER_MINUTE) -> None:
        self._per_minute = per_minute
        self._offers: dict[UUID, deque[float]] = {}

    def take(self, account_id: UUID, now: float) -> None:
        """Count one offer at time ``now`` (seconds).

        :raises TooManyOffers: with the time to wait.
        """
        offers = self._offers.setdefault(account_id, deque())
        while offers and now - offers[0] >= WINDOW_S:
            offers.popleft()
        if len(offers) >= self._per_minute:
            raise TooManyOffers(retry_after_s=math.ceil(offers[0] + WINDOW_S - now))
        offers.append(now)

    def sweep(self, now: float) -> None:
        """Forget who has made no offer for a minute."""
        for account_id in [a for a, o in self._offers.items() if now - o[-1] >= WINDOW_S]:
            del self._offers[account_id]
