"""Speaking levels of one room, for the rings around faces."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from media.audio.levels import SILENT_DBOV, dbov
from media.domain.limits import LEVELS_PER_S

TICKS_PER_S: Final = 50
SPEAKING_DBOV: Final = -60  # below it is breath and room noise


class LevelMeter:
    """The loudest frame of each speaker in every tenth of a second."""

    def __init__(self) -> None:
        self._ticks = 0
        self._loudest: dict[UUID, float] = {}
        self._speaking: set[UUID] = set()

    def tick(self, energies: Mapping[UUID, float], heard: Iterable[UUID]) -> dict[UUID, int] | None:
        """Note one tick; return the levels in dBov when there is something to tell.

        Who stops speaking is told once, as -127.
        """
        for account_id in heard:
            now = energies[account_id]
            self._loudest[account_id] = max(now, self._loudest.get(account_id, 0.0))
        self._ticks += 1
        if self._ticks < TICKS_PER_S // LEVELS_PER_S:
            return None
        loudest, self._loudest, self._ticks = self._loudest, {}, 0
        levels = {each: dbov(mean_square) for each, mean_square in loudest.items()}
        levels = {each: level for each, level in levels.items() if level > SPEAKING_DBOV}
        silent = dict.fromkeys(self._speaking - levels.keys(), SILENT_DBOV)
        self._speaking = set(levels)
        return levels | silent or None
