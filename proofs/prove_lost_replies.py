"""E-03: 300 replies to COMMIT are cut; no command happens twice, none is refused without reason."""

import pytest

from tests.full_size import chosen_seed, sized, tried
from tests.kernel.lost_replies import carry_out, lossy_way

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

CUTS = sized(300)


@pytest.mark.parametrize("threads", [1, 8])
def test_the_answer_is_the_original_one_and_it_happened_once(threads: int) -> None:
    seed = chosen_seed()
    with lossy_way() as proxy:
        outcome = carry_out(proxy, CUTS, threads, seed)

    tried(outcome.cuts, f"cuts, {threads} threads", seed, outcome)
    assert outcome.cuts >= CUTS
    assert outcome.faults == []
