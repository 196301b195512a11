"""How loud a frame is."""

import math
from typing import Final

import numpy as np

from media.audio.opus import Pcm

SILENT_DBOV: Final = -127
_FULL_SCALE: Final = 32_768.0


def energy(pcm: Pcm) -> float:
    """Return the mean square of the samples; 0 for an empty frame."""
    if not len(pcm):
        return 0.0
    samples = pcm.astype(np.float32)
    return float(np.dot(samples, samples)) / len(pcm)


def dbov(mean_square: float) -> int:
    """Return a mean square in dBov: 0 is overload, -127 is silence (RFC 6465, appendix A)."""
    if mean_square <= 0:
        return SILENT_DBOV
    return max(SILENT_DBOV, min(0, round(10 * math.log10(mean_square / _FULL_SCALE**2))))
