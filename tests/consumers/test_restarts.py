"""The web process dies and comes back: nobody misses anything, and nothing is doubled."""

import pytest

from tests.consumers import resumes
from tests.kernel.processes import Web, running_web

pytestmark = [pytest.mark.alone, pytest.mark.databases]

SEED = 9
SMALL = resumes.Size(resumes=40, restarts=1, rooms=2, followers=3, slow=1)
SMALLEST = resumes.Size(
    resumes=12, restarts=0, rooms=1, followers=2, slow=0, patience_s=1, heard=40
)


async def test_sockets_resume_without_a_hole_when_web_was_killed(web: Web) -> None:
    outcome = await resumes.run([web], SEED, SMALL)

    print(f"seed {SEED}: {outcome}")
    assert outcome.faultless, outcome
    assert outcome.resumes >= SMALL.resumes


@pytest.mark.usefixtures("filled")
async def test_a_server_that_skips_one_is_found_out() -> None:
    with running_web("skips-one") as broken:
        outcome = await resumes.run([broken], SEED, SMALLEST)

    print(f"seed {SEED}, one event is left out at each resume: {outcome}")
    assert outcome.gaps
