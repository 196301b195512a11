"""The bench of full rooms, small: whoever is counted as inside is, and every turn is measured."""

from pathlib import Path

import pytest
from pytest_django import Settings

from bench.full_rooms import COMMANDS, LOOKS, ON_SERVER, FullRoom, see
from bench.house import House
from bench.live_room import serving
from rooms import queries
from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS

pytestmark = [pytest.mark.databases]


def test_a_turn_measures_everything_that_one_more_person_does(
    databases: tuple[Cluster, ...], tmp_path: Path, settings: Settings
) -> None:
    settings.PRESET = PRESETS["classic"]
    home = House(Path(settings.SPACES_HOME), *databases)
    room = FullRoom(25)
    see()

    with serving(home, tmp_path) as web:
        turn = room.turn(web, 3)

    stage = queries.stage_now(room.room_id)
    assert len(stage.present) == 25
    assert (stage.seq, len(stage.hands)) == (2 + 25 + 3 * len(COMMANDS), 0)
    assert set(turn.took_ms) == {*COMMANDS, *LOOKS, *ON_SERVER}
    assert all(took > 0 for took in (turn.took_ms[name] for name in (*COMMANDS, *LOOKS)))
    assert turn.total_ms == sum(turn.took_ms[name] for name in (*COMMANDS, *LOOKS))
