"""What the kernel's tests share."""

import pytest
from pytest_django import Settings

from spaces_project.presets import PRESETS


@pytest.fixture
def everybody_hosts(settings: Settings) -> None:
    """The preset in which nobody needs followers to host."""
    settings.PRESET = PRESETS["classic"]
