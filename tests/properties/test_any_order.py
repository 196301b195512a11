"""Whatever order commands arrive in, a room keeps its promises; and a broken one is found."""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from rooms.domain.room import Room
from spaces_project.kernel.entity import event_classes
from tests.properties.broken import BROKEN
from tests.properties.buttons import World
from tests.properties.machine import AnyOrder
from tests.properties.memory import commands_in_memory

SEED = int(os.environ.get("SPACES_TEST_SEED", "0")) or random.randrange(1, 2**32)
ROUNDS, STEPS = 100, 60
MOST_TURNS = 8
QUIETLY = settings(
    max_examples=ROUNDS,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@pytest.fixture(autouse=True)
def in_memory() -> Iterator[None]:
    """Carry commands out on a log in memory."""
    with commands_in_memory():
        yield


def test_a_room_keeps_its_promises_in_any_order_of_buttons() -> None:
    AnyOrder.steps = AnyOrder.agreed = 0
    print(f"SPACES_TEST_SEED={SEED}")
    run_state_machine_as_test(seed(SEED)(AnyOrder), settings=QUIETLY)
    kinds = {c.__name__ for t, c in event_classes().items() if t.startswith("rooms.")}
    print(f"N={AnyOrder.steps} steps, {AnyOrder.agreed} of them answered with yes")
    print(f"{len(AnyOrder.seen)} kinds of event; not seen: {sorted(kinds - AnyOrder.seen)}")

    assert AnyOrder.steps >= ROUNDS * STEPS // 4
    assert AnyOrder.agreed >= AnyOrder.steps // 4


def broken_machine(broken: type[Any]) -> type[AnyOrder]:
    place = "room_type" if issubclass(broken, Room) else "participation_type"
    world = type(f"{broken.__name__}World", (World,), {place: broken})
    members = {"world_type": world, "story": BROKEN[broken]}
    return type(broken.__name__, (AnyOrder,), members)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_room_is_found(broken: type[Any]) -> None:
    with pytest.raises(AssertionError):
        press_on(broken_machine(broken))


def press_on(machine: type[AnyOrder]) -> None:
    """Run a machine with one seed after the other: now and then none presses the right buttons."""
    no_shrinking = settings(QUIETLY, phases=[Phase.generate], report_multiple_bugs=False)
    for turn in range(MOST_TURNS):
        run_state_machine_as_test(seed(SEED + turn)(machine), settings=no_shrinking)
