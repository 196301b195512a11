"""Real speech, and how to recognise it again."""

import shutil
import subprocess
import wave
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
FRAME = 960
PART = RATE // 2
WORDS = (
    "The quick brown fox jumps over the lazy dog, while seven wizards keep asking "
    "whether the harbour lights were ever switched on before midnight."
)

Samples = NDArray[np.int16]


@lru_cache
def speech(words: str = WORDS, voice: str = "en-us") -> Samples:
    """Synthesise speech: 48 kHz mono."""
    assert shutil.which("espeak-ng"), "apt-get install espeak-ng"
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", "160", "--stdout", words],
        check=True,
        capture_output=True,
    ).stdout
    path = Path(f"/tmp/spaces-speech-{abs(hash((words, voice)))}.wav")
    path.write_bytes(spoken)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [r for f in container.decode(audio=0) for r in resampler.resample(f)]
    path.unlink()
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def write_wav(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, len(samples), "NONE", ""))
        out.writeframes(samples.tobytes())
    return path


def tone(hertz: float = 440.0, seconds: float = 1.0, amplitude: float = 8000.0) -> Samples:
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)).astype(
        np.int16
    )


def frames_of(samples: Samples) -> list[Samples]:
    return [samples[at : at + FRAME] for at in range(0, len(samples) - FRAME + 1, FRAME)]


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0


def likeness(source: Samples, heard: Samples) -> tuple[float, float]:
    """Return the best cross-correlation in 300-3400 Hz, and the delay of it in ms."""
    length = 1 << int(np.ceil(np.log2(len(source) + len(heard))))
    a, b = _speech_band(source, length), _speech_band(heard, length)
    product = np.fft.irfft(np.conj(np.fft.rfft(a)) * np.fft.rfft(b))
    at = int(np.argmax(product[: len(heard)]))
    overlap = min(len(source), len(heard) - at)
    x, y = a[:overlap], b[at : at + overlap]
    return float(x @ y / np.sqrt((x @ x) * (y @ y) + 1e-9)), at / RATE * 1000


class Part(NamedTuple):
    """How half a second of speech was heard."""

    at_ms: float
    alike: float
    behind_ms: float


def likeness_by_part(source: Samples, heard: Samples) -> list[Part]:
    """Return likeness and delay of every half second of the source that was loud.

    Part by part, because a jitter buffer may stretch and shrink time in between.
    """
    found = []
    for at in range(0, len(source) - PART + 1, PART):
        part = source[at : at + PART]
        if rms(part) > 300:
            alike, found_ms = likeness(part, heard)
            at_ms = at / RATE * 1000
            found.append(Part(at_ms, alike, found_ms - at_ms))
    return found


def _speech_band(samples: Samples, length: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(samples.astype(np.float64), length)
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    return np.fft.irfft(spectrum, length)
