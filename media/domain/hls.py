"""How live HLS is cut; every number is a setting."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

PACKET_MS: Final = 20
SHORTEST_MS: Final = 200
LONGEST_MS: Final = 10_000
FEWEST: Final = 3  # in a playlist: players begin three segments before its end (RFC 8216, 6.3.3)


@dataclass(frozen=True, slots=True)
class HlsRules:
    """Segments of this length, so many in a playlist, made until nobody has asked for so long."""

    segment_ms: int = 1000
    segments: int = 6
    idle_s: int = 10

    def __post_init__(self) -> None:
        """Refuse what no player could play."""
        if self.segment_ms % PACKET_MS or not SHORTEST_MS <= self.segment_ms <= LONGEST_MS:
            raise ValueError(
                f"SPACES_HLS_SEGMENT_MS must be a multiple of {PACKET_MS} "
                f"from {SHORTEST_MS} to {LONGEST_MS}."
            )
        if self.segments < FEWEST:
            raise ValueError(f"SPACES_HLS_SEGMENTS must be at least {FEWEST}.")
        if self.idle_s * 1000 < 2 * self.segment_ms:
            raise ValueError("SPACES_HLS_IDLE_S must be as long as two segments at least.")


DEFAULTS: Final = HlsRules()


def hls_rules_from(environment: Mapping[str, str]) -> HlsRules:
    """Return the rules as an operator set them: ``SPACES_HLS_`` and the name in capitals.

    :raises ValueError: says which variable is wrong.
    """
    wished: dict[str, int] = {}
    for each in fields(HlsRules):
        variable = f"SPACES_HLS_{each.name.upper()}"
        if variable in environment:
            if not environment[variable].isdecimal():
                raise ValueError(f"{variable} must be a whole number.")
            wished[each.name] = int(environment[variable])
    return HlsRules(**wished)
