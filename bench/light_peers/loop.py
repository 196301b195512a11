"""One thread that reads every socket and keeps every peer alive."""

import select
import threading
import time
from typing import Final

from bench.light_peers.peer import LightPeer

_WAIT_S: Final = 0.02
_SWEEP_EVERY_S: Final = 0.05
_READ_AT_ONCE: Final = 8  # datagrams of one peer, then the next has its turn
_READ_BYTES: Final = 2048


class Loop(threading.Thread):
    """Reads until the process ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._epoll = select.epoll()
        self._peers: dict[int, LightPeer] = {}
        self._sweep_at = 0.0

    def add(self, peer: LightPeer) -> None:
        """Read for one more peer; may be called from any thread."""
        self._peers[peer.socket.fileno()] = peer
        self._epoll.register(peer.socket.fileno(), select.EPOLLIN)

    def run(self) -> None:
        """Read."""
        while True:
            for fileno, _ in self._epoll.poll(_WAIT_S):
                self._read(self._peers[fileno])
            now = time.monotonic()
            if now >= self._sweep_at:
                self._sweep_at = now + _SWEEP_EVERY_S
                for peer in list(self._peers.values()):
                    peer.keep_alive(now)

    def _read(self, peer: LightPeer) -> None:
        receive = peer.socket.recv
        for _ in range(_READ_AT_ONCE):
            try:
                datagram = receive(_READ_BYTES)
            except OSError:  # nothing left, or the server is gone
                return
            if datagram:
                peer.take(datagram)
