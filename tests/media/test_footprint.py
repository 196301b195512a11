"""Listeners cost little memory, and nothing of them stays (promise M-10)."""

import gc

import pytest

from media.node import calm_garbage_collection
from media.transport.guard import Dropped
from tests.media.footprint import Census, visits

MOST_OBJECTS = 60  # a listener; with aiortc's transport and its task there were 85
MOST_LEFT = 0.2  # of our objects, for each session that has ended; a leak would be 10


@pytest.mark.slow
@pytest.mark.alone
async def test_listeners_keep_what_they_need_and_leave_nothing_behind() -> None:
    sizes = [4, 12, 12, 12]

    found = (await visits(sizes))[1:]  # the first crowd warms up what is kept for good

    first, last = found[0], found[-1]
    each = (last.here.objects - last.gone.objects) / last.here.sessions
    left = (last.gone.ours - first.gone.ours) / sum(sizes[2:])
    print(f"{each:.0f} objects a listener, {left:.2f} left of each that went; {last.here.heavy}")
    assert last.here.sessions == 12
    assert last.gone.sessions == 0
    assert each < MOST_OBJECTS
    assert left < MOST_LEFT
    assert last.here.tasks - last.gone.tasks < 6, "no task for each"
    assert all(count < 6 for count in last.here.heavy.values()), last.here.heavy


def test_a_census_sees_a_cycle_that_stays() -> None:
    gc.collect()
    gc.disable()
    try:
        before = Census.take(0)
        for _ in range(100):
            dropped = Dropped()
            dropped["itself"] = dropped  # type: ignore[assignment]
        del dropped
        after = Census.take(0)
    finally:
        gc.enable()

    assert after.ours - before.ours >= 100 - 1


@pytest.mark.parametrize("calm", [False, True])
def test_the_oldest_generation_is_collected_only_where_nobody_calmed_it(calm: bool) -> None:
    seen = set()

    def note(phase: str, facts: dict[str, int]) -> None:
        if phase == "start":
            seen.add(facts["generation"])

    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.collect()  # little is old now, so that the oldest generation's turn comes soon
    try:
        gc.set_threshold(50, 2, 2)
        if calm:
            calm_garbage_collection()
        gc.callbacks.append(note)
        kept = [[number] for number in range(20_000)]
        gc.callbacks.remove(note)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

    assert len(kept) == 20_000
    assert seen == ({0, 1} if calm else {0, 1, 2})
