"""What the programs that the launcher starts do before their own work."""

import pytest
from django.core.management import load_command_class


@pytest.mark.parametrize(
    ("app", "name"),
    [
        ("media", "media"),
        ("media", "demo_speaker"),
        ("rooms", "seed_demo"),
        ("spaces_project.kernel", "followers"),
    ],
)
def test_only_web_loads_every_page_to_check_it(app: str, name: str) -> None:
    assert load_command_class(app, name).requires_system_checks == ()
    assert load_command_class("spaces_project.kernel", "web").requires_system_checks == "__all__"
