"""The collector's settings: the young often, the old by the clock, the first things never."""

import gc
from collections.abc import Callable, Iterator

import pytest

from spaces_project.kernel.web.collection import FULL_AFTER, LOOK_EVERY_S, MIDDLE, YOUNG, settle


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


class Clock:
    """A loop's plan, of which the next thing happens when it is asked to."""

    def __init__(self) -> None:
        self.planned: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay_s: float, work: Callable[[], None]) -> None:
        self.planned.append((delay_s, work))

    def go_on(self) -> None:
        [(delay_s, work)] = self.planned
        assert delay_s == LOOK_EVERY_S
        self.planned.clear()
        work()


def old_garbage(gone: list[int]) -> None:
    """Leave a ring that grew old before it became garbage."""
    ring = Ring(gone)
    gc.collect()
    del ring


def test_what_is_old_is_collected_by_the_clock() -> None:
    clock, gone = Clock(), list[int]()
    settle(clock.call_later)
    old_garbage(gone)

    for _ in range(FULL_AFTER - 1):
        clock.go_on()
    assert gone == []
    clock.go_on()
    assert gone == [1]
    old_garbage(gone)
    for _ in range(FULL_AFTER - 1):
        clock.go_on()
    assert gone == [1]


def test_what_is_old_is_collected_sooner_where_much_grew_old() -> None:
    clock, gone = Clock(), list[int]()
    settle(clock.call_later)
    old_garbage(gone)
    kept = [[n] for n in range(YOUNG * (MIDDLE + 3))]

    assert gone == []
    clock.go_on()
    assert gone == [1]
    assert len(kept) == YOUNG * (MIDDLE + 3)


def test_what_was_there_at_the_start_is_not_looked_through_again() -> None:
    settle(lambda _delay_s, _work: None)

    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects(generation=2)) < gc.get_freeze_count()
