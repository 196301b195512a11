"""M-10, for media: 1,000 listeners cost little memory, and after 2,000 joins nothing has grown."""

from tests.full_size import sized, tried
from tests.media.footprint import visits
from tests.media.test_footprint import MOST_LEFT, MOST_OBJECTS

LISTENERS = sized(1000, 100)
CROWDS, EACH = sized(20, 4), 100
MOST_KIB = 128  # a listener, libraries included
MOST_GROWTH_KIB = 4  # a session that has ended


async def test_a_thousand_listeners_at_once() -> None:
    [_, visit] = await visits([20, LISTENERS], collecting=True)

    here, gone = visit.here, visit.gone
    objects = (here.objects - gone.objects) / LISTENERS
    outcome = (
        f"{objects:.0f} objects each, {here.tasks} tasks, "
        f"{here.rss_kib // 1024} MiB in all, full collection {visit.full_collection_ms:.0f} ms"
    )
    tried(here.sessions, "listeners", None, outcome)
    assert here.sessions == LISTENERS
    assert objects < MOST_OBJECTS
    assert here.rss_kib - gone.rss_kib < MOST_KIB * LISTENERS
    assert all(count < LISTENERS // 10 for count in here.heavy.values()), here.heavy


async def test_memory_is_flat_over_two_thousand_joins() -> None:
    found = await visits([EACH] * CROWDS)

    first, last = found[1].gone, found[-1].gone
    ended = EACH * (CROWDS - 2)
    objects = (last.ours - first.ours) / ended
    kib = (last.rss_kib - first.rss_kib) / ended
    for number, visit in enumerate(found, 1):
        print(
            f"{number * EACH} joined: {visit.gone.ours} objects of ours, {visit.gone.rss_kib} KiB"
        )
    outcome = f"left of each session: {objects:.2f} objects, {kib:.2f} KiB"
    tried(CROWDS * EACH, "joins", None, outcome)
    assert objects < MOST_LEFT
    assert kib < MOST_GROWTH_KIB
