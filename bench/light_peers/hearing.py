"""What one listener hears: every packet counted, a share of them decrypted."""

import random
from typing import Final

from pylibsrtp import Error as SrtpError

from bench.light_peers.peer import LightPeer

_SEQS: Final = 1 << 16
_DECRYPTED_AT_FIRST: Final = 3  # they tell libsrtp where the numbering stands


class Hearing:
    """Counts from ``begin`` to ``end``; before it only the place in the numbering is kept.

    :param decrypted: the share of packets that is decrypted, at random.
    :param kept: whether to keep those packets.
    """

    def __init__(self, *, decrypted: float, kept: bool = False) -> None:
        self.received = 0
        self.lost = 0
        self.unreadable = 0
        self.readable = 0
        self.packets: list[bytes] = []
        self._share = decrypted
        self._kept = kept
        self._counts = False
        self._seen = 0
        self._last = -1

    @property
    def has_heard(self) -> bool:
        """Whether anything came at all."""
        return self._seen > 0

    def begin(self) -> None:
        """Count from the next packet on, from nothing."""
        self.received = self.lost = self.unreadable = self.readable = 0
        self.packets = []
        self._counts = True

    def end(self) -> None:
        """Count no more."""
        self._counts = False

    def hear(self, peer: LightPeer, packet: bytes) -> None:
        """Take one encrypted packet."""
        seq = (packet[2] << 8) | packet[3]
        step = (seq - self._last + _SEQS // 2) % _SEQS - _SEQS // 2 if self._seen else 1
        self._seen += 1
        if step > 0:
            self._last = seq
        if self._counts:
            self.received += 1
            self.lost += step - 1 if step > 0 else -1  # a late one was counted as lost before
        if self._seen <= _DECRYPTED_AT_FIRST or (
            self._counts and (self._share >= 1 or random.random() < self._share)
        ):
            self._decrypt(peer, packet)

    def _decrypt(self, peer: LightPeer, packet: bytes) -> None:
        assert peer.from_peer is not None
        try:
            plain = peer.from_peer.unprotect(packet)
        except SrtpError:
            self.unreadable += 1
            return
        self.readable += 1
        if self._kept and self._counts:
            self.packets.append(plain)
