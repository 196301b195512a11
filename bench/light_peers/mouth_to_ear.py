"""A process of one who speaks on a bad road and one who listens, and how late it is heard.

    python -m bench.light_peers.mouth_to_ear DOOR FILE --jitter-ms 30 --loss 0 --seed 1 --seconds 6

The road is good for two seconds, bad for ``--seconds``, and good again. It prints a line of JSON.
"""

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from bench.light_peers.crowd import tell
from bench.light_peers.delay import Recording, delays, median_ms
from bench.light_peers.doors import Door
from bench.light_peers.handshake import Certificate
from bench.light_peers.loop import Loop
from bench.light_peers.peer import LightPeer
from bench.light_peers.relay import Relay, Road
from bench.light_peers.signalling import TIMEOUT_S
from bench.light_peers.speaker import rtp_packet
from bench.light_peers.speech import FRAME_S, read_speech

SETTLE_S: Final = 2.0  # until the server has found its ease
RECOVER_S: Final = 1.0  # after the road is good again; not counted
AFTER_S: Final = 3.0
FLUSH_S: Final = 1.0


@dataclasses.dataclass(frozen=True)
class Delay:
    """From the mouth to the ear, without sound cards and without the listener's own buffer."""

    rough_ms: float  # while the road was bad
    after_ms: float  # when it was good again
    alike: float  # of what was said, by the median part
    lost: int  # packets, on the road


class Ear:
    """Keeps what one peer hears, with the time at which it came."""

    def __init__(self) -> None:
        self.packets: list[tuple[float, bytes]] = []

    def hear(self, peer: LightPeer, packet: bytes) -> None:
        """Take one encrypted packet."""
        now = time.monotonic()
        assert peer.from_peer is not None
        self.packets.append((now, peer.from_peer.unprotect(packet)))


def main() -> int:
    """Speak, listen, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("door", type=Door.read)
    parser.add_argument("file", type=Path)
    parser.add_argument("--jitter-ms", type=float, required=True)
    parser.add_argument("--loss", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    wish = parser.parse_args()
    relay = Relay(Road(wish.jitter_ms, wish.loss, wish.seed))
    try:
        tell(_measure(wish.door, relay, read_speech(wish.file), wish.seconds))
    except ValueError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _measure(door: Door, relay: Relay, payloads: list[bytes], rough_s: float) -> Delay:
    ear, loop, certificate = Ear(), Loop(), Certificate()
    loop.start()
    listener = LightPeer(certificate, ear.hear)
    loop.add(listener)
    listener.begin(door.listen(listener))
    speaker = LightPeer(certificate, lambda _peer, _packet: None)
    own_port = speaker.local.port
    speaker.local = dataclasses.replace(speaker.local, port=relay.outer_port)
    remote = door.speak(speaker)
    relay.open(own_port, remote.port)
    loop.add(speaker)
    speaker.begin(dataclasses.replace(remote, port=relay.inner_port))
    for peer in (listener, speaker):
        peer.settled.wait(TIMEOUT_S)
        if peer.failure:
            raise ValueError(f"a peer could not connect: {peer.failure}")
    seconds = SETTLE_S + rough_s + RECOVER_S + AFTER_S
    said = _talk(speaker, relay, payloads, seconds, rough_s)
    time.sleep(FLUSH_S)
    parts = delays(Recording.decoded(said), Recording.decoded(list(ear.packets)))
    began = said[0][0]
    return Delay(
        rough_ms=median_ms(parts, began + SETTLE_S, began + SETTLE_S + rough_s),
        after_ms=median_ms(parts, began + SETTLE_S + rough_s + RECOVER_S, began + seconds),
        alike=float(np.median([part.alike for part in parts])),
        lost=relay.lost,
    )


def _talk(
    speaker: LightPeer, relay: Relay, payloads: list[bytes], seconds: float, rough_s: float
) -> list[tuple[float, bytes]]:
    """Say something; return what, and when each packet left the mouth."""
    said, began = [], time.monotonic()
    for number in range(round(seconds / FRAME_S)):
        time.sleep(max(0.0, began + number * FRAME_S - time.monotonic()))
        at_s = number * FRAME_S
        if SETTLE_S <= at_s < SETTLE_S + rough_s:
            relay.is_rough.set()
        else:
            relay.is_rough.clear()
        packet = rtp_packet(number, speaker.local.ssrc, payloads[number % len(payloads)])
        said.append((time.monotonic(), packet))
        speaker.say(packet)
    return said


if __name__ == "__main__":
    sys.exit(main())
