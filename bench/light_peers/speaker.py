"""A process that says the same speech again and again, by WHIP or as plain RTP.

python -m bench.light_peers.speaker whip URL TOKEN FILE
python -m bench.light_peers.speaker rtp HOST:PORT - FILE
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
from bench.light_peers.handshake import Certificate
from bench.light_peers.loop import Loop
from bench.light_peers.peer import LightPeer
from bench.light_peers.signalling import TIMEOUT_S, offer
from bench.light_peers.speech import FRAME_S, FRAME_SAMPLES, read_speech

_SSRC: Final = 0x5EEC4
_FIRST_SEQ: Final = 1000


def main(kind: str, where: str, token: str, file: str) -> None:
    """Speak until killed."""
    packets = read_speech(Path(file))
    send, ssrc = _by_whip(where, token) if kind == "whip" else _by_rtp(where)
    began = time.monotonic()
    for number in itertools.count():
        time.sleep(max(0.0, began + number * FRAME_S - time.monotonic()))
        seq = (_FIRST_SEQ + number) & 0xFFFF
        timestamp = number * FRAME_SAMPLES & 0xFFFFFFFF
        header = struct.pack("!BBHII", 0x80, PAYLOAD_TYPE, seq, timestamp, ssrc)
        send(header + packets[number % len(packets)])


def _by_whip(url: str, token: str) -> tuple[Callable[[bytes], None], int]:
    loop = Loop()
    loop.start()
    peer = LightPeer(Certificate(), lambda _peer, _packet: None)
    loop.add(peer)
    peer.begin(offer(url, token, peer, direction="sendonly"))
    peer.settled.wait(TIMEOUT_S)
    session = peer.to_peer
    if session is None:
        raise ValueError(f"the speaker could not connect: {peer.failure}")
    return lambda packet: peer.send(session.protect(packet)), peer.ssrc


def _by_rtp(where: str) -> tuple[Callable[[bytes], None], int]:
    host, _, port = where.partition(":")
    plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    address = (host, int(port))

    def send(packet: bytes) -> None:
        plain.sendto(packet, address)

    return send, _SSRC


if __name__ == "__main__":
    main(*sys.argv[1:])
