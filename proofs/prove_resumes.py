"""W-01: 1,000 resumes, slow readers among them, at two web processes that are killed: no hole."""

import pytest

from tests.consumers import resumes
from tests.consumers.conftest import everybody_hosts, filled
from tests.full_size import chosen_seed, sized, tried
from tests.kernel.processes import running_web

__all__ = ["everybody_hosts", "filled"]

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("filled")]

SEED = chosen_seed(20261120)
SIZE = resumes.Size(resumes=sized(1000, 20), restarts=sized(6), rooms=4, followers=5, slow=2)
BROKEN = resumes.Size(resumes=30, restarts=0, rooms=2, followers=3, slow=1, patience_s=2)


async def test_nobody_misses_anything_or_hears_it_twice() -> None:
    with running_web("small-buffers") as one, running_web("small-buffers") as other:
        outcome = await resumes.run([one, other], SEED, SIZE)

    tried(outcome.resumes, "resumes", SEED, outcome)
    assert outcome.faultless, outcome
    assert outcome.resumes >= SIZE.resumes


async def test_the_broken_variant_is_seen() -> None:
    with running_web("skips-one") as broken:
        outcome = await resumes.run([broken], SEED, BROKEN)

    print(f"seed {SEED}, one event is left out at each resume: {outcome}")
    assert outcome.gaps, outcome
