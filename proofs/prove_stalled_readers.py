"""W-03: 100 stalled sockets cost at most 64 KiB each, and are closed; nobody else notices."""

import pytest

from tests.consumers import stalls
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

# What 600 events cost the process itself, half a MiB, weighs too much on fewer.
FEWEST = 50
SIZE = stalls.Size(stalled=sized(100, FEWEST), healthy=20, before_s=5, patience_s=40)
BROKEN = stalls.Size(stalled=5, healthy=2, before_s=1, patience_s=15)
PRIVATE_KIB = 64


async def test_a_hundred_stand_still_and_nobody_else_notices() -> None:
    with running_web("small-buffers") as web:
        outcome = await stalls.run(web, SIZE)

    slower = outcome.p99_during_ms / outcome.p99_before_ms
    tried(
        SIZE.stalled,
        "stalled sockets",
        None,
        f"{outcome}, p99 of the others {slower:.2f} times as long",
    )
    assert outcome.all_blocked
    assert outcome.most_held <= PRIVATE_KIB * 1024 + 1024  # a chunk, and the frame that fills it
    assert outcome.grown_kib_each <= PRIVATE_KIB
    assert outcome.gone_within_s is not None
    assert 9 < outcome.gone_within_s < 13  # looked at every second
    assert outcome.too_slow == SIZE.stalled
    assert outcome.missed == 0


async def test_the_broken_variant_is_seen() -> None:
    with running_web("small-buffers", "lenient") as broken:
        outcome = await stalls.run(broken, BROKEN)

    print(f"nobody is closed for standing still: {outcome}")
    assert outcome.gone_within_s is None
