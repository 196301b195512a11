"""E-09: no answer of a command is given on a cached state that the log has left behind."""

import time

import pytest

from tests.kernel.boxes import interleave, two_processes

SEEDS = 10_000
STEPS = 50
TOLD_EVERY = 500

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_every_answer_is_the_one_on_the_newest_state(monkeypatch: pytest.MonkeyPatch) -> None:
    began, refused = time.monotonic(), 0
    with two_processes(monkeypatch) as turn:
        for seed in range(SEEDS):
            refused += interleave(seed, STEPS, turn)
            if (seed + 1) % TOLD_EVERY == 0:
                took_s = time.monotonic() - began
                done = (seed + 1) * STEPS
                print(f"seeds 0 to {seed}: {done} buttons, {refused} refused, {took_s:.0f} s")

    assert refused
