"""Twenty sockets send as fast as they can: each is cut with 4008, and the memory stays."""

import pytest

from tests.consumers import floods
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

FLOODS = sized(20)
FEW = 3
MOST_KIB_EACH = 256  # stock daphne: 13 MB a second each


async def test_floods_are_cut_and_cost_nothing() -> None:
    with running_web() as web:
        outcome = await floods.run(web, FLOODS)

    tried(FLOODS, "floods", None, outcome)
    assert outcome.rate_limited == FLOODS
    assert outcome.cut_within_s is not None
    assert outcome.grown_kib <= FLOODS * MOST_KIB_EACH
    assert outcome.missed == 0


async def test_the_broken_variant_is_seen() -> None:
    with running_web("takes-everything") as broken:
        outcome = await floods.run(broken, FEW, patience_s=5)

    print(f"nobody counts the messages: {outcome}")
    assert outcome.rate_limited == 0
    assert outcome.cut_within_s is None
