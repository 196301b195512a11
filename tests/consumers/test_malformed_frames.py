"""W-05: nonsense harms whoever says it, at most. The full size is in proofs."""

import os

import pytest

from tests.consumers import malformed
from tests.kernel.processes import Web, running_web

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

SEED = int(os.environ.get("SPACES_TEST_SEED", "5"))
FRAMES = 1_500
FEW = 300
MOST_GROWN_KIB = 32 * 1024  # a leak of a message each would be some 100 MiB at full size


async def test_malformed_frames_end_at_most_their_own_socket(web: Web) -> None:
    outcome = await malformed.run(web, FRAMES, SEED)
    print(outcome)

    assert outcome.heard >= FRAMES
    assert outcome.answered
    assert outcome.closes[4001]
    assert outcome.faults == [], web.lines()
    assert outcome.grown_kib <= MOST_GROWN_KIB


async def test_a_reader_that_believes_every_frame_is_found() -> None:
    with running_web("believes-frames") as broken:
        outcome = await malformed.run(broken, FEW, SEED)

    print(f"who believes every frame: {outcome.faults}")
    assert outcome.faults
