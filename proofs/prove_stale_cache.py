"""E-09: no answer of a command is given on a cached state that the log has left behind."""

import pytest

from tests.full_size import chosen_seed, reached, sized, tried
from tests.kernel.boxes import interleave, two_processes

SEEDS = sized(10_000)
STEPS = 50
TOLD_EVERY = 100

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_every_answer_is_the_one_on_the_newest_state(monkeypatch: pytest.MonkeyPatch) -> None:
    first, refused = chosen_seed(0), 0
    with two_processes(monkeypatch) as turn:
        for number in range(SEEDS):
            refused += interleave(first + number, STEPS, turn)
            if not (number + 1) % TOLD_EVERY:
                reached(f"{number + 1} of {SEEDS} seeds")
    tried(SEEDS * STEPS, f"buttons with {SEEDS} seeds", first, f"{refused} refused")

    assert refused
