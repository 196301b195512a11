"""Count what is turned away, and say when somebody sends too much."""

from collections import Counter
from typing import Final

from media.domain.limits import BITS_PER_S, PACKETS_PER_S

_BYTES_PER_S: Final = BITS_PER_S // 8


class Dropped(Counter[str]):
    """How many datagrams were turned away, by reason; never a log line a datagram."""


class SpeakerAllowance:
    """Two token buckets, each a second deep: packets and bytes of one speaker.

    Only authentic packets are charged, so that nobody else can spend a speaker's allowance;
    while it is spent, packets are turned away before any cryptography.
    """

    def __init__(self, now: float) -> None:
        self._packets = float(PACKETS_PER_S)
        self._bytes = float(_BYTES_PER_S)
        self._at = now

    def left(self, now: float) -> bool:
        """Return whether another packet may come at time ``now`` (seconds)."""
        passed, self._at = max(now - self._at, 0.0), now
        self._packets = min(PACKETS_PER_S, self._packets + passed * PACKETS_PER_S)
        self._bytes = min(_BYTES_PER_S, self._bytes + passed * _BYTES_PER_S)
        return self._packets >= 1 and self._bytes > 0

    def charge(self, size: int) -> None:
        """Book one authentic packet of ``size`` bytes."""
        self._packets -= 1
        self._bytes -= size
