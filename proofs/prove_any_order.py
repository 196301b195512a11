"""E-09: a room keeps its promises in any order of buttons: 100 seeds x 50 evenings."""

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.full_size import chosen_seed, reached, sized, tried
from tests.properties.machine import AnyOrder
from tests.properties.memory import commands_in_memory
from tests.properties.test_any_order import QUIETLY

SEEDS = sized(100)
ROUNDS, STEPS = 50, 50
LONG = settings(QUIETLY, max_examples=ROUNDS, stateful_step_count=STEPS, phases=[Phase.generate])


def test_a_room_keeps_its_promises_in_any_order_of_buttons() -> None:
    first = chosen_seed(0)
    AnyOrder.steps = AnyOrder.agreed = 0
    with commands_in_memory():
        for number in range(SEEDS):
            run_state_machine_as_test(seed(first + number)(AnyOrder), settings=LONG)
            reached(f"{number + 1} of {SEEDS} seeds, {AnyOrder.steps} buttons")
    yes = f"{AnyOrder.agreed} answered with yes; {len(AnyOrder.seen)} kinds of event"
    tried(AnyOrder.steps, f"buttons with {SEEDS} seeds", first, yes)

    assert AnyOrder.steps >= SEEDS * ROUNDS * STEPS // 4
