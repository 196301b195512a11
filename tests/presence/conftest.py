"""What the tests of presence share."""

import msgspec
import pytest
from pytest_django import Settings

from spaces_project.presets import PRESETS


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    """Take the preset in which everybody hosts, and no grace: who is gone is due at once."""
    settings.PRESET = PRESETS["classic"]
    settings.ROOM_RULES = msgspec.structs.replace(
        settings.ROOM_RULES, connection_grace_s=0, process_lease_s=60
    )
