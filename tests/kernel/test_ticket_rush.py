"""One sale, two processes, one of them killed: every ticket sold once, every answer true."""

import os
import secrets

import pytest

from tests.kernel.ticket_rush import Plan, rush

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

CAPACITY, BUYERS, ORDERS = 100, 8, 8


def seed() -> int:
    return int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))


def test_a_sale_sells_what_it_has_though_a_process_is_killed() -> None:
    plan = Plan(seed(), CAPACITY, BUYERS, ORDERS, kill_after=3)
    print(f"seed {plan.seed}: {2 * BUYERS * ORDERS} orders for {CAPACITY} tickets")

    outcome = rush(plan)

    assert outcome.faults() == []
    assert len(outcome.acknowledged) == CAPACITY


def test_a_mailbox_that_answers_too_early_is_found() -> None:
    for attempt in range(5):
        plan = Plan(seed() + attempt, CAPACITY, BUYERS, ORDERS, racing=4, broken=True)
        print(f"seed {plan.seed}")
        if rush(plan).faults():
            return
    pytest.fail("five sales with a broken mailbox, and nothing was found")
