"""A room keeps its promises in any order of buttons: more seeds, and longer evenings."""

import time

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import AnyOrder
from tests.properties.memory import commands_in_memory
from tests.properties.test_any_order import QUIETLY

SEEDS = 100
ROUNDS, STEPS = 100, 100
LONG = settings(QUIETLY, max_examples=ROUNDS, stateful_step_count=STEPS, phases=[Phase.generate])


def test_a_room_keeps_its_promises_in_any_order_of_buttons() -> None:
    AnyOrder.steps = AnyOrder.agreed = 0
    began = time.monotonic()
    with commands_in_memory():
        for number in range(SEEDS):
            run_state_machine_as_test(seed(number)(AnyOrder), settings=LONG)
            took_s = time.monotonic() - began
            print(f"seeds 0 to {number}: N={AnyOrder.steps} buttons in {took_s:.0f} s")
    print(f"{AnyOrder.agreed} of them answered with yes; {len(AnyOrder.seen)} kinds of event")

    assert AnyOrder.steps >= SEEDS * ROUNDS * STEPS // 4
