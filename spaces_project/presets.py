"""Presets: named sets of the product's numbers."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """The numbers that differ between ways of running the product.

    :param stage_size: seats on stage, the host's included.
    :param most_cohosts: how many of them may be co-hosts.
    :param followers_to_host: how many followers one needs to open a room (at least).
    :param test_group_only: only members of the test group may host.
    """

    name: str
    stage_size: int
    most_cohosts: int
    followers_to_host: int
    test_group_only: bool = False


PRESETS: Final = {
    preset.name: preset
    for preset in (
        Preset("beta", 11, 10, 0, test_group_only=True),
        Preset("launch", 12, 2, 600),
        Preset("classic", 13, 2, 0),
    )
}
