"""E-09: no answer of a command is given on a cached state that the log has left behind."""

import time

import pytest

from tests.kernel.boxes import interleave, two_processes

SEEDS = range(10_000)
STEPS = 50

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_every_answer_is_the_one_on_the_newest_state(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with two_processes(monkeypatch) as turn:
        refused = sum(interleave(seed, STEPS, turn) for seed in SEEDS)

    took_s = time.monotonic() - began
    print(f"seeds {SEEDS}, {STEPS} buttons each: {refused} refused as on the newest state,")
    print(f"{len(SEEDS) * STEPS} answers right, {took_s:.0f} s")
    assert refused
