"""A process of many listeners of one room.

    python -m bench.light_peers.listeners whep URL --listeners 200 --seconds 5
    python -m bench.light_peers.listeners janus URL --listeners 200 --seconds 5

It prints a line of JSON when all are connected, hear something and counting begins, and another
one with what was heard when it is over.
"""

import argparse
import dataclasses
import json
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bench.light_peers.description import Remote
from bench.light_peers.handshake import Certificate
from bench.light_peers.hearing import Hearing
from bench.light_peers.loop import Loop
from bench.light_peers.peer import LightPeer
from bench.light_peers.signalling import TIMEOUT_S, JanusViewer, offer
from bench.light_peers.speech import loudness
from spaces_project.kernel.ids import new_id, public

JOIN_AT_ONCE: Final = 16
WARM_UP_S: Final = 1.0
MOUNTPOINT: Final = 1
DECRYPTED_SHARE: Final = 0.1


@dataclasses.dataclass(frozen=True)
class Wish:
    """What was asked for."""

    how: str
    url: str
    listeners: int
    seconds: float


@dataclasses.dataclass(frozen=True)
class Connected:
    """All listeners hear something; what follows is counted."""

    profile: str


@dataclasses.dataclass(frozen=True)
class Heard:
    """What all listeners together heard."""

    packets_each: float
    least_packets: int
    lost: int
    decrypted: int
    unreadable: int
    rms_dbov: float
    range_db: float
    is_speech: bool


def main() -> int:
    """Join, hear, tell."""
    wish = _wish()
    loop = Loop()
    loop.start()
    certificate = Certificate()
    hearings = [
        Hearing(decrypted=1.0 if number == 0 else DECRYPTED_SHARE, kept=number == 0)
        for number in range(wish.listeners)
    ]
    peers = [LightPeer(certificate, hearing.hear) for hearing in hearings]
    with ThreadPoolExecutor(JOIN_AT_ONCE) as pool:
        failures = list(pool.map(lambda peer: _connect(wish, loop, peer), peers))
    if any(failures):
        sys.stderr.write(f"{Counter(filter(None, failures))}\n")
        return 1
    if not _all_hear(hearings):
        sys.stderr.write("not every listener hears something\n")
        return 1
    time.sleep(WARM_UP_S)
    _count(hearings, wish.seconds, Connected(" ".join({peer.profile for peer in peers})))
    return 0


def _wish() -> Wish:
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=("whep", "janus"))
    parser.add_argument("url")
    parser.add_argument("--listeners", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    return Wish(**vars(parser.parse_args()))


def _connect(wish: Wish, loop: Loop, peer: LightPeer) -> str | None:
    """Connect one listener; return why it failed."""
    if not loop.is_alive():
        return "nothing is read any more"
    loop.add(peer)
    try:
        peer.begin(_remote(wish, peer))
    except (OSError, ValueError) as reason:
        return f"{type(reason).__name__}: {reason}"
    peer.settled.wait(TIMEOUT_S)
    return peer.failure


def _remote(wish: Wish, peer: LightPeer) -> Remote:
    if wish.how == "janus":
        return JanusViewer(wish.url).watch(MOUNTPOINT, peer)
    somebody = public("acc", new_id())
    return offer(wish.url, somebody, peer, direction="recvonly")


def _all_hear(hearings: list[Hearing]) -> bool:
    end = time.monotonic() + TIMEOUT_S
    while not all(hearing.has_heard for hearing in hearings):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _count(hearings: list[Hearing], seconds: float, connected: Connected) -> None:
    for hearing in hearings:
        hearing.begin()
    _tell(connected)
    time.sleep(seconds)
    for hearing in hearings:
        hearing.end()
    received = [hearing.received for hearing in hearings]
    level = loudness(hearings[0].packets)
    _tell(
        Heard(
            packets_each=statistics.fmean(received),
            least_packets=min(received),
            lost=sum(hearing.lost for hearing in hearings),
            decrypted=sum(hearing.readable for hearing in hearings),
            unreadable=sum(hearing.unreadable for hearing in hearings),
            rms_dbov=level.rms_dbov,
            range_db=level.range_db,
            is_speech=level.is_speech,
        )
    )


def _tell(what: Connected | Heard) -> None:
    sys.stdout.write(json.dumps(dataclasses.asdict(what)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
