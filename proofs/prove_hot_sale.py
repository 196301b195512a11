"""P-01, for a sale in a mailbox: two processes and kills, never one ticket too many, none lost."""

import random
import time

import pytest

from tests.full_size import chosen_seed, reached, sized, tried
from tests.kernel.ticket_rush import Plan, rush

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

RUNS = sized(100)
CAPACITY, BUYERS, ORDERS = 300, 32, 8


def test_a_hundred_sales_sell_exactly_what_they_have() -> None:
    seed = chosen_seed()
    chance = random.Random(seed)
    print(f"seed {seed}: {RUNS} sales of {CAPACITY} tickets, {2 * BUYERS * ORDERS} orders each")
    for number in range(RUNS):
        kill_after = chance.choice([None, *range(1, 40)])  # it has at least 44 tickets
        plan = Plan(seed + number, CAPACITY, BUYERS, ORDERS, racing=4, kill_after=kill_after)
        began = time.monotonic()

        outcome = rush(plan)

        assert outcome.faults() == [], plan
        assert len(outcome.acknowledged) == CAPACITY, plan
        killed = f"killed after {kill_after}" if kill_after else "none killed"
        took_s = time.monotonic() - began
        print(f"{number + 1}: {killed}, {len(outcome.refused)} refused, {took_s:.1f} s")
        reached(f"{number + 1} of {RUNS} sales")
    tried(RUNS, f"sales of {CAPACITY} tickets", seed)
