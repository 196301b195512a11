"""W-05: 100,000 malformed frames: nothing crashes, no other socket is lost, the memory stays."""

import pytest

from tests.consumers import malformed
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import chosen_seed, sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

FRAMES = sized(100_000, 1_000)
FEW = 1_000
MOST_GROWN_KIB = 16 * 1024  # in the second half: what is cached has its bounds


async def test_malformed_frames_end_at_most_their_own_socket() -> None:
    seed = chosen_seed()
    with running_web() as web:
        outcome = await malformed.run(web, FRAMES, seed)

    tried(outcome.heard, "malformed frames", seed, outcome)
    print(f"grown by {outcome.grown_kib} KiB in the second half")
    assert outcome.heard >= FRAMES
    assert outcome.faults == []
    assert outcome.grown_kib <= MOST_GROWN_KIB


async def test_the_broken_variant_is_seen() -> None:
    seed = chosen_seed()
    with running_web("believes-frames") as broken:
        outcome = await malformed.run(broken, FEW, seed)

    print(f"nobody thinks of what is no frame: {outcome.faults}")
    assert outcome.faults
