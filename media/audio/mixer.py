"""Sum the active speakers; for each of them, everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from media.audio.opus import FRAME_SAMPLES, Pcm

CEILING: Final = 30_000.0  # -0.8 dBov; the encoder overshoots a little
RELEASE_PER_FRAME: Final = 0.05  # of full gain: back from -6 dB in 200 ms
ATTACK_SAMPLES: Final = 96  # 2 ms; a step would click
_FULL_SCALE: Final = 32_767

_FADE_IN: Final = np.linspace(0, 1, FRAME_SAMPLES, dtype=np.float32)
_FADE_OUT: Final = _FADE_IN[::-1]


class Limiter:
    """Keep a sum under the ceiling by turning it down, not by cutting its peaks off."""

    def __init__(self) -> None:
        self._gain = 1.0

    def limit(self, total: NDArray[np.int32]) -> Pcm:
        """Return the sum as 16 bit samples: gain falls before the peak, recovers slowly."""
        peak = float(max(total.max(initial=0), -total.min(initial=0)))
        allowed = CEILING / peak if peak > CEILING else 1.0
        before = self._gain
        self._gain = min(allowed, before + RELEASE_PER_FRAME)
        if before == self._gain == 1.0:
            return total.astype(np.int16)
        gains = np.full(len(total), self._gain, np.float32)
        ramp = _before_overload(total, before) if self._gain < before else len(total)
        gains[:ramp] = np.linspace(before, self._gain, ramp, dtype=np.float32)
        limited: Pcm = np.clip(total * gains, -_FULL_SCALE, _FULL_SCALE).astype(np.int16)
        return limited


def _before_overload(total: NDArray[np.int32], gain: float) -> int:
    """Return how many samples there are to turn the gain down in before it is too much."""
    too_loud = np.flatnonzero(np.abs(total) * gain > CEILING)
    return min(int(too_loud[0]), ATTACK_SAMPLES) if len(too_loud) else ATTACK_SAMPLES


@dataclass
class Mix:
    """What one tick sounds like."""

    common: Pcm | None  # None: nobody is heard
    minus: dict[UUID, Pcm | None] = field(default_factory=dict)  # for active speakers: the others


class AudioMixer:
    """One mix for all who are silent, a mix without oneself for each who speaks."""

    def __init__(self) -> None:
        self._limiter = Limiter()
        self._limiters: dict[UUID, Limiter] = {}
        self._active: set[UUID] = set()

    def mix(self, frames: Mapping[UUID, Pcm], active: list[UUID]) -> Mix:
        """Mix one frame of each active speaker.

        :param frames: decoded frames of everybody who may be heard.
        :param active: whose frames go in; who comes or goes is faded over one frame.
        """
        parts = {each: frames[each].astype(np.int32) for each in active}
        for each in self._active.symmetric_difference(active) & frames.keys():
            fade = _FADE_IN if each in parts else _FADE_OUT
            parts[each] = (frames[each] * fade).astype(np.int32)
        self._active = set(active)
        self._limiters = {each: self._limiters.get(each) or Limiter() for each in parts}
        if not parts:
            return Mix(common=None)
        total = np.zeros(FRAME_SAMPLES, np.int32)
        for part in parts.values():
            total += part
        mix = Mix(common=self._limiter.limit(total))
        for each, part in parts.items():
            alone = len(parts) == 1
            mix.minus[each] = None if alone else self._limiters[each].limit(total - part)
        return mix
