"""The collector's settings: the young often, the old by the clock, the first things never."""

import gc
from collections.abc import Callable, Iterator

import pytest

from spaces_project.kernel.web.collection import FULL_EVERY_S, YOUNG, settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the collector as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


class Ring:
    """Garbage that only a collection finds."""

    def __init__(self, gone: list[int]) -> None:
        self.itself, self._gone = self, gone

    def __del__(self) -> None:
        self._gone.append(1)


def test_what_is_old_is_collected_by_the_clock_and_only_then() -> None:
    planned: list[tuple[float, Callable[[], None]]] = []
    settle(lambda delay_s, work: planned.append((delay_s, work)))
    gone: list[int] = []
    ring = Ring(gone)
    gc.collect()  # it is old now
    del ring
    kept = [[n] for n in range(YOUNG * 50)]

    assert gone == []
    [(delay_s, work)] = planned
    assert delay_s == FULL_EVERY_S
    work()
    assert gone == [1]
    assert [delay_s for delay_s, _ in planned] == [FULL_EVERY_S] * 2
    assert len(kept) == YOUNG * 50


def test_what_was_there_at_the_start_is_not_looked_through_again() -> None:
    settle(lambda _delay_s, _work: None)

    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects(generation=2)) < gc.get_freeze_count()
