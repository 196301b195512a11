"""How often one person may ask this node for something."""

import math
from collections import deque
from typing import Final
from uuid import UUID

from media.domain.errors import TooManyOffers
from media.domain.limits import OFFERS_PER_MINUTE
from spaces_project.kernel.refusals import Refusal

WINDOW_S: Final = 60.0


class MinuteAllowance:
    """So much in any minute for each account; six offers, if nothing else is said."""

    def __init__(
        self, per_minute: int = OFFERS_PER_MINUTE, refusal: type[Refusal] = TooManyOffers
    ) -> None:
        self._per_minute = per_minute
        self._refusal = refusal
        self._asked: dict[UUID, deque[float]] = {}

    def take(self, account_id: UUID, now: float) -> None:
        """Count one at time ``now`` (seconds).

        :raises Refusal: the one for this, with the time to wait.
        """
        asked = self._asked.setdefault(account_id, deque())
        while asked and now - asked[0] >= WINDOW_S:
            asked.popleft()
        if len(asked) >= self._per_minute:
            raise self._refusal(retry_after_s=math.ceil(asked[0] + WINDOW_S - now))
        asked.append(now)

    def sweep(self, now: float) -> None:
        """Forget who has not asked for a minute."""
        for account_id in [a for a, times in self._asked.items() if now - times[-1] >= WINDOW_S]:
            del self._asked[account_id]
