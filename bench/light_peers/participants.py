"""A process of people on one stage: some talk, the others' microphones pick up the room.

    python -m bench.light_peers.participants DOOR SPEECH NOISE --size 12 --talking 3 --seconds 5

It prints a line of JSON when all are connected, hear something and counting begins, and another one
with what was heard when it is over.
"""

import argparse
import itertools
import sys
import threading
import time
from pathlib import Path
from typing import Final

from bench.light_peers.crowd import Crowd, tell
from bench.light_peers.doors import Door
from bench.light_peers.peer import LightPeer
from bench.light_peers.speaker import rtp_packet
from bench.light_peers.speech import FRAME_S, read_speech

WARM_UP_S: Final = 2.0
_APART_FRAMES: Final = 97  # nobody says the same at the same time


def main() -> int:
    """Join, talk, hear, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("door", type=Door.read)
    parser.add_argument("speech", type=Path)
    parser.add_argument("noise", type=Path)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--talking", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    wish = parser.parse_args()
    door: Door = wish.door
    crowd = Crowd(lambda peer, number: door.speak(peer, number, hears=True))
    try:
        connected = crowd.grow(wish.size)
    except ValueError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    speech, noise = read_speech(wish.speech), read_speech(wish.noise)
    # The first one's hearing is judged, so it is one of those who keep silent, if any do.
    voices = [noise] * (wish.size - wish.talking) + [speech] * wish.talking
    threading.Thread(target=_talk, args=(crowd.peers, voices), daemon=True).start()
    time.sleep(WARM_UP_S)
    tell(connected)
    tell(crowd.count(wish.seconds))
    return 0


def _talk(peers: list[LightPeer], voices: list[list[bytes]]) -> None:
    began = time.monotonic()
    for number in itertools.count():
        time.sleep(max(0.0, began + number * FRAME_S - time.monotonic()))
        for place, (peer, voice) in enumerate(zip(peers, voices, strict=True)):
            payload = voice[(number + place * _APART_FRAMES) % len(voice)]
            peer.say(rtp_packet(number, peer.local.ssrc, payload))


if __name__ == "__main__":
    sys.exit(main())
