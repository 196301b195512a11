"""What every test about rooms over REST may ask for."""

import pytest
from pytest_django import Settings

from spaces_project.presets import PRESETS


@pytest.fixture(autouse=True)
def everybody_hosts(settings: Settings) -> None:
    """Take the preset in which one needs no followers."""
    settings.PRESET = PRESETS["classic"]
