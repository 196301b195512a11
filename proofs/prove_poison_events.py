"""E-10: a poison event stops its room's view, not the others: 10 seeds x 3,000 events."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel.poison import poison_stops_only_its_rooms, shelf_table

FIRST = chosen_seed(1)
SEEDS = range(FIRST, FIRST + sized(10))
EVENTS = 3_000


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_poison_event_stops_its_room_and_nothing_else(seed: int) -> None:
    with shelf_table():
        poison_stops_only_its_rooms(seed, events=EVENTS, places=200, poisoned=20)
    tried(EVENTS, "events, 20 of them poison", seed)
