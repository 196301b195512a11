"""Sum the active speakers; for each of them, everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from media.audio.opus import FRAME_SAMPLES, Pcm

CEILING: Final = 30_000.0  # -0.8 dBov; the encoder overshoots a little
HEADROOM: Final = 2_500.0  # above the ceiling, for the 2 ms in which the gain is still falling
RELEASE_PER_FRAME: Final = 0.05  # of full gain: back from -6 dB in 200 ms
ATTACK_SAMPLES: Final = 96  # 2 ms; a step would click

_ATTACK: Final = np.linspace(0, 1, ATTACK_SAMPLES, endpoint=False, dtype=np.float32)
_RELEASE: Final = np.linspace(0, 1, FRAME_SAMPLES, endpoint=False, dtype=np.float32)
_FADE_IN: Final = np.concatenate((_ATTACK, np.ones(FRAME_SAMPLES - ATTACK_SAMPLES, np.float32)))
_FADE_OUT: Final = 1 - _RELEASE


class Limiter:
    """Keep a sum under the ceiling by turning it down, not by cutting its peaks off.

    The gain knows the whole frame before it is played, and never jumps: it falls within 2 ms and
    recovers slowly. Peaks in those 2 ms are bent, not cut, so nothing has to be delayed.
    """

    def __init__(self) -> None:
        self._gain = 1.0

    def limit(self, total: NDArray[np.int32]) -> Pcm:
        """Return the sum as 16 bit samples; untouched if it was not too loud lately."""
        peak = float(max(total.max(initial=0), -total.min(initial=0)))
        allowed = CEILING / peak if peak > CEILING else 1.0
        before = self._gain
        self._gain = min(allowed, before + RELEASE_PER_FRAME)
        if before == self._gain == 1.0:
            return total.astype(np.int16)
        ramp = _ATTACK if self._gain < before else _RELEASE
        gains = np.full(len(total), self._gain, np.float32)
        gains[: len(ramp)] = before + (self._gain - before) * ramp
        return _bent(total * gains)


def _bent(samples: NDArray[np.floating[Any]]) -> Pcm:
    """Return samples whose peaks above the ceiling approach the end of the headroom, smoothly."""
    sizes = np.abs(samples)
    over = sizes > CEILING
    if over.any():
        bent = CEILING + HEADROOM * np.tanh((sizes[over] - CEILING) / HEADROOM)
        samples[over] = np.copysign(bent, samples[over])
    pcm: Pcm = samples.astype(np.int16)
    return pcm


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
        :param active: whose frames go in; who comes is faded in over 2 ms, so that no consonant is
            lost, and who goes is faded out over the frame.
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
