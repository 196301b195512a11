"""Many peers who come to one server, and what all of them together hear."""

import dataclasses
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bench.light_peers.description import Remote
from bench.light_peers.handshake import Certificate
from bench.light_peers.hearing import Hearing
from bench.light_peers.loop import Loop
from bench.light_peers.peer import LightPeer
from bench.light_peers.signalling import TIMEOUT_S
from bench.light_peers.speech import loudness

JOIN_AT_ONCE: Final = 16
DECRYPTED_SHARE: Final = 0.1

Join = Callable[[LightPeer, int], Remote]


@dataclasses.dataclass(frozen=True)
class Connected:
    """So many peers hear something; what follows is counted."""

    peers: int
    profile: str


@dataclasses.dataclass(frozen=True)
class Heard:
    """What all peers together heard."""

    packets_each: float
    least_packets: int
    lost: int
    decrypted: int
    unreadable: int
    rms_dbov: float
    range_db: float
    is_speech: bool


class Crowd:
    """Peers on one thread that reads them all; the first one's hearing is decrypted whole.

    :param join: brings the peer with this number in, and returns what the server says of itself.
    """

    def __init__(self, join: Join) -> None:
        self.peers: list[LightPeer] = []
        self._join = join
        self._hearings: list[Hearing] = []
        self._certificate = Certificate()
        self._loop = Loop()
        self._loop.start()

    def grow(self, size: int) -> Connected:
        """Let more peers come until there are ``size``, all of whom hear something.

        :raises ValueError: if one of them could not come in, or hears nothing.
        """
        numbers = range(len(self.peers), size)
        for number in numbers:
            first = number == 0
            hearing = Hearing(decrypted=1.0 if first else DECRYPTED_SHARE, kept=first)
            self._hearings.append(hearing)
            self.peers.append(LightPeer(self._certificate, hearing.hear))
        with ThreadPoolExecutor(JOIN_AT_ONCE) as pool:
            failures = Counter(filter(None, pool.map(self._connect, numbers)))
        if failures:
            raise ValueError(str(failures))
        end = time.monotonic() + TIMEOUT_S
        while not all(hearing.has_heard for hearing in self._hearings):
            if time.monotonic() > end:
                raise ValueError("not every peer hears something")
            time.sleep(0.05)
        return Connected(size, " ".join({peer.profile for peer in self.peers}))

    def count(self, seconds: float) -> Heard:
        """Return what is heard from now on for so long."""
        for hearing in self._hearings:
            hearing.begin()
        time.sleep(seconds)
        for hearing in self._hearings:
            hearing.end()
        received = [hearing.received for hearing in self._hearings]
        level = loudness(self._hearings[0].packets)
        return Heard(
            packets_each=statistics.fmean(received),
            least_packets=min(received),
            lost=sum(hearing.lost for hearing in self._hearings),
            decrypted=sum(hearing.readable for hearing in self._hearings),
            unreadable=sum(hearing.unreadable for hearing in self._hearings),
            rms_dbov=level.rms_dbov,
            range_db=level.range_db,
            is_speech=level.is_speech,
        )

    def _connect(self, number: int) -> str | None:
        """Connect one peer; return why it failed."""
        if not self._loop.is_alive():
            return "nothing is read any more"
        peer = self.peers[number]
        self._loop.add(peer)
        try:
            peer.begin(self._join(peer, number))
        except (OSError, ValueError) as reason:
            return f"{type(reason).__name__}: {reason}"
        peer.settled.wait(TIMEOUT_S)
        return peer.failure


def tell(what: object) -> None:
    """Print a dataclass as a line of JSON, for the process that started this one."""
    sys.stdout.write(json.dumps(dataclasses.asdict(what)) + "\n")  # type: ignore[call-overload]
    sys.stdout.flush()
