"""A program: publish speech by FFmpeg's own WHIP, DTLS, SRTP and Opus.

A process of its own, because FFmpeg keeps the interpreter's lock while it waits for our answer.
"""

import sys
import time
from fractions import Fraction
from pathlib import Path

import av

from tests.media.speech import FRAME, RATE, frames_of, speech


def publish(url: str, token: str, folder: Path) -> None:
    keys = {"cert_file": str(folder / "cert.pem"), "key_file": str(folder / "key.pem")}
    with av.open(url, "w", format="whip", options={"authorization": token} | keys) as out:
        stream = out.add_stream("libopus", rate=RATE, layout="stereo")
        began = time.monotonic()
        for number, samples in enumerate(frames_of(speech())):
            frame = av.AudioFrame.from_ndarray(
                samples.repeat(2).reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate, frame.pts = RATE, number * FRAME
            frame.time_base = Fraction(1, RATE)
            time.sleep(max(0.0, began + number * FRAME / RATE - time.monotonic()))
            for packet in stream.encode(frame):
                out.mux(packet)


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
