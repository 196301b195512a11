"""Presets: named sets of the product's numbers."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """The numbers that differ between ways of running the product.

    :param stage_size: seats on stage, the host's included.
    :param most_cohosts: how many of them may be co-hosts.
    :param followers_to_host: how many followers one needs to open a room (at least).
    :param host_rollout: who may host at all, unless ``SPACES_HOST_ROLLOUT`` says it: ``list`` (the
        test group), ``percentage:N`` of all people, or ``everyone``.
    """

    name: str
    stage_size: int
    most_cohosts: int
    followers_to_host: int
    host_rollout: str = "everyone"


PRESETS: Final = {
    preset.name: preset
    for preset in (
        Preset("beta", 11, 10, 0, host_rollout="list"),
        Preset("launch", 12, 2, 600),
        Preset("classic", 13, 2, 0),
    )
}
