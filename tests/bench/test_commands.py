"""The benches of commands and of loading, small, on the databases of the tests."""

from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.application import Application
from pytest_django import Settings

from bench.command_crowd import Crowd, let_ask
from bench.command_crowd.guests import guests
from bench.house import House
from bench.long_histories.bare_stages import LongStage
from bench.long_histories.rooms import LongRoom
from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from tests.kernel.jars import stored

pytestmark = [pytest.mark.databases, pytest.mark.timeout(120)]
EVENTS = 12


@pytest.fixture
def house(databases: tuple[Cluster, ...], tmp_path: Path, settings: Settings) -> House:
    """A house on the clusters of the tests."""
    settings.PRESET = PRESETS["classic"]  # and back afterwards: benches change it
    return House(tmp_path, *databases)


def test_both_sides_are_counted_in_the_same_seconds(house: House) -> None:
    house.peer_application("small", Application[UUID]).close()
    peer_settings = {**house.peer_settings("small", pool=2), "CREATE_TABLE": "no"}
    for side, environment in (("ours", {}), ("peer", peer_settings)):
        answered = let_ask(side, Crowd(2, 2), 0.2, house.folder, environment)

        assert answered.per_second > 0
        assert 0 < answered.median_ms <= answered.p99_ms


@pytest.mark.usefixtures("house")
def test_every_turn_of_a_guest_stores_one_event() -> None:
    (ask,) = guests(threads=1)
    before = len(stored())
    for _ in range(40):
        ask()

    happened = [type(recorded.event).__name__ for recorded in stored()[before:]]
    assert happened == (["Joined"] * 8 + ["Left"] * 8) * 2 + ["Joined"] * 8


def test_both_histories_are_as_long_as_was_asked_for(house: House) -> None:
    room, stage = LongRoom(EVENTS), LongStage(house, EVENTS)
    for load in (room.load, *room.shortcuts().values(), stage.load):
        load()  # asserts its version
    stage.close()

    assert len(stored()) == EVENTS
