"""A process that says the same speech again and again, through WebRTC or as plain RTP.

python -m bench.light_peers.speaker DOOR FILE
"""

import itertools
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.light_peers.description import PAYLOAD_TYPE
from bench.light_peers.doors import Door
from bench.light_peers.handshake import Certificate
from bench.light_peers.loop import Loop
from bench.light_peers.peer import LightPeer
from bench.light_peers.signalling import TIMEOUT_S
from bench.light_peers.speech import FRAME_S, FRAME_SAMPLES, read_speech

_SSRC: Final = 0x5EEC4
_FIRST_SEQ: Final = 1000


def main(where: str, file: str) -> None:
    """Speak until killed."""
    door, packets = Door.read(where), read_speech(Path(file))
    send, ssrc = _by_rtp(door.rtp) if door.rtp else _by_webrtc(door)
    began = time.monotonic()
    for number in itertools.count():
        time.sleep(max(0.0, began + number * FRAME_S - time.monotonic()))
        send(rtp_packet(number, ssrc, packets[number % len(packets)]))


def rtp_packet(number: int, ssrc: int, payload: bytes) -> bytes:
    """Return the packet with this number of one voice."""
    seq = (_FIRST_SEQ + number) & 0xFFFF
    timestamp = number * FRAME_SAMPLES & 0xFFFFFFFF
    return struct.pack("!BBHII", 0x80, PAYLOAD_TYPE, seq, timestamp, ssrc) + payload


def _by_webrtc(door: Door) -> tuple[Callable[[bytes], None], int]:
    loop = Loop()
    loop.start()
    peer = LightPeer(Certificate(), lambda _peer, _packet: None)
    loop.add(peer)
    peer.begin(door.speak(peer))
    peer.settled.wait(TIMEOUT_S)
    if peer.to_peer is None:
        raise ValueError(f"the speaker could not connect: {peer.failure}")
    return peer.say, peer.local.ssrc


def _by_rtp(port: int) -> tuple[Callable[[bytes], None], int]:
    plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    address = ("127.0.0.1", port)

    def send(packet: bytes) -> None:
        plain.sendto(packet, address)

    return send, _SSRC


if __name__ == "__main__":
    main(*sys.argv[1:])
