"""E-04: a thousand interleavings of late commits, and no reader by position misses one."""

import os
import secrets

import pytest

from tests.kernel.late_commits import missed_in

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TIMES = 1000


def test_no_reader_misses_what_commits_late() -> None:
    seed = int(os.environ.get("SPACES_TEST_SEED") or secrets.randbelow(2**32))
    print(f"seed {seed}: {TIMES} interleavings of three writers and a reader")

    assert missed_in(TIMES, seed) == {}
