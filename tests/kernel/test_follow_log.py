"""The log as it is printed: of all rooms each line names its room, of one room none does."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from rooms import commands
from spaces_project.kernel.ids import public
from spaces_project.presets import PRESETS
from tests.projections.scenes import someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def printed(*words: str) -> list[str]:
    said = StringIO()
    call_command("follow_log", *words, "--once", stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.parametrize("how", [(), ("--words",)])
def test_of_all_rooms_each_line_names_its_room(settings: Settings, how: tuple[str, ...]) -> None:
    settings.PRESET = PRESETS["classic"]
    ana = someone("ana")
    rooms = [commands.open_room(host_id=ana, title="Tea").entity_id for _ in range(2)]
    commands.start(room_id=rooms[0], by=ana)
    names = [public("room", room_id) for room_id in rooms]

    found = [line.split()[0] for line in printed(*how)]
    assert [name for name in found if name != "-"] == [*names, names[0]]
    assert not any(name in line for name in names for line in printed(names[0], *how))
