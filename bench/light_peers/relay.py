"""A bad road between one peer and its server: a UDP relay that loses and delays, by a seed."""

import random
import select
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from bench.light_peers.description import LOOPBACK

_READ_BYTES: Final = 2048
_WAIT_S: Final = 0.1
_RTP_FIRST_BYTES: Final = range(128, 192)  # RFC 7983, 7
_RTCP_TYPES: Final = range(192, 224)  # RFC 5761, 4


@dataclass(frozen=True)
class Road:
    """What happens to packets of sound on their way.

    :param jitter_ms: each is held back by up to so much, evenly; order is kept, as a queue does.
    :param loss: share of those that do not arrive.
    :param seed: of all chance; the same packets are lost whatever the server.
    """

    jitter_ms: float = 0.0
    loss: float = 0.0
    seed: int = 0


class Fate:
    """What a road does to one packet after the other."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._chance = random.Random(road.seed)
        self._free_at = 0.0

    def due(self, now: float) -> float | None:
        """Return when the next packet goes on, in seconds; None if it is lost."""
        is_lost = self._chance.random() < self._road.loss
        held_s = self._chance.uniform(0, self._road.jitter_ms) / 1000
        if is_lost:
            return None
        self._free_at = max(self._free_at, now + held_s)
        return self._free_at


class Relay(threading.Thread):
    """Passes datagrams on, both ways; only sound on its way to the server meets the road."""

    def __init__(self, road: Road) -> None:
        super().__init__(daemon=True)
        self.is_rough = threading.Event()  # until it is set, the road is a good one
        self.lost = 0
        self._fate = Fate(road)
        self._inner, self._outer = _a_socket(), _a_socket()
        self._held: deque[tuple[float, bytes]] = deque()

    @property
    def inner_port(self) -> int:
        """What the peer takes for its server."""
        port: int = self._inner.getsockname()[1]
        return port

    @property
    def outer_port(self) -> int:
        """What the server takes for the peer."""
        port: int = self._outer.getsockname()[1]
        return port

    def open(self, peer_port: int, server_port: int) -> None:
        """Pass on from now on."""
        self._inner.connect((LOOPBACK, peer_port))
        self._outer.connect((LOOPBACK, server_port))
        self.start()

    def run(self) -> None:
        """Pass on until the process ends."""
        while True:
            wait_s = self._send_due()
            readable, _, _ = select.select([self._inner, self._outer], [], [], wait_s)
            if self._outer in readable and (datagram := _read(self._outer)):
                _send(self._inner, datagram)
            if self._inner in readable and (datagram := _read(self._inner)):
                self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        if not (self.is_rough.is_set() and _is_sound(datagram)):
            _send(self._outer, datagram)
            return
        due = self._fate.due(time.monotonic())
        if due is None:
            self.lost += 1
        else:
            self._held.append((due, datagram))

    def _send_due(self) -> float:
        """Send what is due; return how long nothing else will be."""
        while self._held:
            due, datagram = self._held[0]
            left_s = due - time.monotonic()
            if left_s > 0:
                return left_s
            self._held.popleft()
            _send(self._outer, datagram)
        return _WAIT_S


def _a_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setblocking(False)
    opened.bind((LOOPBACK, 0))
    return opened


def _is_sound(datagram: bytes) -> bool:
    return len(datagram) > 1 and datagram[0] in _RTP_FIRST_BYTES and datagram[1] not in _RTCP_TYPES


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(_READ_BYTES)
    except OSError:  # nothing there, or the other side is gone
        return b""


def _send(target: socket.socket, datagram: bytes) -> None:
    try:
        target.send(datagram)
    except OSError:  # a full buffer, or the other side is gone
        return
