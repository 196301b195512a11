"""How late sound is heard: one recording found again in another, part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from bench.light_peers.speech import RATE, as_mono, payload_of

PART_S: Final = 0.5
MOST_DELAY_S: Final = 1.0
QUIETEST_PART: Final = 0.01  # RMS; a pause looks like any other pause
_SPEECH_HZ: Final = (300, 3400)

Sound = NDArray[np.float64]


class Part(NamedTuple):
    """One part of what was said, and how it was heard."""

    said_at: float  # s, when its first sample was handed to the sender
    delay_ms: float
    alike: float  # correlation: 1 is the same


@dataclass(frozen=True)
class Recording:
    """Sound, and when each of its packets was there.

    :param starts: of each packet, the place of its first sample.
    :param times: of each packet, in seconds, on one clock.
    """

    sound: Sound
    starts: NDArray[np.int64]
    times: NDArray[np.float64]

    @classmethod
    def decoded(cls, packets: Iterable[tuple[float, bytes]]) -> "Recording":
        """Decode RTP packets (time, packet), in order."""
        decoder = av.CodecContext.create("libopus", "r")
        frames, starts, times, length = [], [], [], 0
        for at, packet in packets:
            for frame in decoder.decode(av.Packet(payload_of(packet))):
                samples = as_mono(frame)
                frames.append(samples)
                starts.append(length)
                times.append(at)
                length += len(samples)
        return cls(np.concatenate(frames), np.array(starts), np.array(times))

    def time_of(self, sample: int) -> float:
        """Return when a sample would be played, were each packet played as it is there."""
        packet = int(np.searchsorted(self.starts, sample, "right")) - 1
        return float(self.times[packet] + (sample - self.starts[packet]) / RATE)

    def first_after(self, moment: float) -> int:
        """Return the place of the first sample that was there after a moment."""
        packet = min(int(np.searchsorted(self.times, moment)), len(self.starts) - 1)
        return int(self.starts[packet])


def delays(said: Recording, heard: Recording) -> list[Part]:
    """Find every part that was said, and was no pause, in what was heard after it."""
    length, found = int(PART_S * RATE), []
    loud, clear = _speech_band(said.sound), _speech_band(heard.sound)
    for at in range(0, len(loud) - length + 1, length):
        part = loud[at : at + length]
        said_at = said.time_of(at)
        start = heard.first_after(said_at)
        window = clear[start : start + length + int(MOST_DELAY_S * RATE)]
        if np.sqrt(np.mean(part**2)) < QUIETEST_PART or len(window) < 2 * length:
            continue
        place, alike = _find(part, window)
        delay_ms = (heard.time_of(start + place) - said_at) * 1000
        found.append(Part(said_at, delay_ms, alike))
    return found


def median_ms(parts: Sequence[Part], since: float, until: float) -> float:
    """Return the median delay of what was said in between.

    :raises ValueError: if nothing was.
    """
    chosen = [part.delay_ms for part in parts if since <= part.said_at <= until - PART_S]
    if not chosen:
        raise ValueError("nothing was heard in that time")
    return float(np.median(chosen))


def _find(part: Sound, window: Sound) -> tuple[int, float]:
    """Return where a part is in a window, and its correlation with what is there."""
    size = 1 << (len(part) + len(window)).bit_length()
    product = np.fft.irfft(np.conj(np.fft.rfft(part, size)) * np.fft.rfft(window, size), size)
    places = len(window) - len(part) + 1
    sums = np.concatenate(([0.0], np.cumsum(window**2)))
    energies = sums[len(part) :][:places] - sums[:places]
    scores = product[:places] / np.sqrt(np.maximum(energies, 1e-9) * float(part @ part))
    best = int(np.argmax(scores))
    return best, float(scores[best])


def _speech_band(sound: Sound) -> Sound:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hertz < _SPEECH_HZ[0]) | (hertz > _SPEECH_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(sound))
