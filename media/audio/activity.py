"""Who of those on stage goes into the mix."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from media.audio.levels import energy
from media.audio.opus import Pcm

MOST_ACTIVE: Final = 3
DECAY: Final = 0.8  # per 20 ms frame: 10 dB in 200 ms, so that the ends of words stay
INAUDIBLE: Final = 100.0  # mean square of -70 dBov: leaving it out changes nothing
HEADSTART: Final = 2.0  # 3 dB more is needed to take an active speaker's place: no flapping


class ActiveSpeakerDetector:
    """The loudest few by decoded energy: fast attack, slow decay.

    There is no threshold but inaudibility, so a lone quiet speaker is heard. What clients claim
    about their loudness (RFC 6464) decides nothing.
    """

    def __init__(self) -> None:
        self.energies: dict[UUID, float] = {}
        self._scores: dict[UUID, float] = {}
        self._active: frozenset[UUID] = frozenset()

    def update(self, frames: Mapping[UUID, Pcm]) -> list[UUID]:
        """Return who is active in this tick, the loudest first."""
        self.energies = {account_id: energy(frame) for account_id, frame in frames.items()}
        self._scores = {
            account_id: max(now, DECAY * self._scores.get(account_id, 0.0))
            for account_id, now in self.energies.items()
        }
        loudest = sorted(self._audible(self._scores), key=self._rank, reverse=True)
        self._active = frozenset(loudest[:MOST_ACTIVE])
        return loudest[:MOST_ACTIVE]

    def _audible(self, account_ids: Iterable[UUID]) -> list[UUID]:
        return [each for each in account_ids if self._scores[each] > INAUDIBLE]

    def _rank(self, account_id: UUID) -> float:
        score = self._scores[account_id]
        return score * HEADSTART if account_id in self._active else score
