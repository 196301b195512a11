"""Speech as a microphone would send it: Opus packets of 20 ms, and how to know it again."""

import io
import struct
import subprocess
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

RATE: Final = 48_000
FRAME_SAMPLES: Final = 960
FRAME_S: Final = 0.02
BITRATE_BPS: Final = 32_000
NOISE_RMS: Final = 20.0  # -64 dBov
WORDS: Final = (
    "Good evening, and welcome to the room. Tonight we ask how a thousand people can listen to one "
    "conversation at the same time. Somebody speaks, everybody hears it, and hardly any machine is "
    "needed. If you want to say something, raise your hand, and the host will bring you on stage."
)
_FULL_SCALE: Final = 32_768.0
# Speech has pauses between words and so a wide range of loudness; hum and noise have none.
QUIETEST_SPEECH_DBOV: Final = -40.0
NARROWEST_SPEECH_DB: Final = 10.0


class Loudness(NamedTuple):
    """How loud some sound was, and how far its loud and its quiet moments lie apart."""

    rms_dbov: float
    range_db: float

    @property
    def is_speech(self) -> bool:
        """Whether somebody may have been talking."""
        return self.rms_dbov > QUIETEST_SPEECH_DBOV and self.range_db > NARROWEST_SPEECH_DB


def make_speech(path: Path) -> None:
    """Let espeak-ng say a few sentences and write them down as Opus packets."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", "en-us", "--stdout", WORDS], check=True, capture_output=True
    ).stdout
    _write(path, _samples(spoken))


def make_noise(path: Path, *, seed: int = 1) -> None:
    """Write down four seconds of a quiet room, as an open microphone hears it."""
    chance = np.random.default_rng(seed)
    _write(path, chance.normal(0, NOISE_RMS, 4 * RATE).astype(np.int16))


def read_speech(path: Path) -> list[bytes]:
    """Return the packets of a file that ``make_speech`` wrote."""
    content, packets, at = path.read_bytes(), [], 0
    while at < len(content):
        (size,) = struct.unpack_from("!H", content, at)
        packets.append(content[at + 2 : at + 2 + size])
        at += 2 + size
    return packets


def loudness(packets: Iterable[bytes]) -> Loudness:
    """Return how loud decoded RTP packets are."""
    decoder = av.CodecContext.create("libopus", "r")
    frames = [
        as_mono(frame)
        for packet in packets
        for frame in decoder.decode(av.Packet(payload_of(packet)))
    ]
    if not frames:
        return Loudness(-127.0, 0.0)
    levels = np.array([_dbov(frame) for frame in frames])
    quiet, loud = np.percentile(levels, [10, 90])
    return Loudness(_dbov(np.concatenate(frames)), float(loud - quiet))


def payload_of(packet: bytes) -> bytes:
    """Return what follows header, contributors and extensions (RFC 3550, 5.1)."""
    start = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        start += 4 + 4 * struct.unpack_from("!H", packet, start + 2)[0]
    return packet[start:]


def as_mono(frame: AudioFrame) -> NDArray[np.float64]:
    """Return samples between -1 and 1 of a decoded frame of one or more interleaved channels."""
    decoded = frame.to_ndarray()
    scale = _FULL_SCALE if np.issubdtype(decoded.dtype, np.integer) else 1.0
    channels = decoded.reshape(-1, frame.layout.nb_channels).astype(np.float64)
    return np.asarray(channels.mean(axis=1) / scale)


def _samples(wav: bytes) -> NDArray[np.int16]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(wav), "r", format="wav") as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def _write(path: Path, samples: NDArray[np.int16]) -> None:
    packets = _encode([samples[at : at + FRAME_SAMPLES] for at in _whole_frames(len(samples))])
    path.write_bytes(b"".join(struct.pack("!H", len(packet)) + packet for packet in packets))


def _whole_frames(samples: int) -> range:
    return range(0, samples - FRAME_SAMPLES + 1, FRAME_SAMPLES)


def _encode(frames: list[NDArray[np.int16]]) -> list[bytes]:
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.format, encoder.layout, encoder.sample_rate = "s16", "mono", RATE
    encoder.bit_rate, encoder.time_base = BITRATE_BPS, Fraction(1, RATE)
    encoder.options = {
        "application": "voip",
        "frame_duration": "20",
        "fec": "1",
        "packet_loss": "10",
    }
    packets = []
    for number, samples in enumerate(frames):
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, number * FRAME_SAMPLES
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def _dbov(samples: NDArray[np.float64]) -> float:
    return 10 * float(np.log10(max(float(np.mean(samples**2)), 1e-13)))
