"""E-04: a thousand interleavings of late commits, and no reader by position misses one."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel.late_commits import missed_in

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TIMES = sized(1000)


def test_no_reader_misses_what_commits_late() -> None:
    seed = chosen_seed()
    tried(TIMES, "interleavings of three writers and a reader", seed)

    assert missed_in(TIMES, seed) == {}
