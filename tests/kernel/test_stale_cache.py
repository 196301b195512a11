"""What is cached may be old; no answer is ever given on it that the log would not give."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from uuid import UUID

import pytest

from spaces_project.kernel import commands
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import CACHE_S, key_store
from spaces_project.kernel.log.entity_cache import SWEEP_S
from spaces_project.kernel.log.event_log import EventLog, Receipt, event_log
from spaces_project.kernel.log.grounds import Grounds, standing_on
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from spaces_project.kernel.refusals import Contended, Forgotten, NotFound
from tests.kernel.boxes import (
    BUTTONS,
    MOST,
    Box,
    BoxIsEmpty,
    BoxIsFull,
    BoxIsLocked,
    BoxLocked,
    ThingPut,
    interleave,
    press,
    two_processes,
)
from tests.kernel.jars import Jar, add, at_once

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEEDS = range(4)
STEPS = 120
WRITERS = 6
EACH = 25
Turn = Callable[[int], EventLog]


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Turn]:
    """Chooses the process that the next command runs in."""
    with two_processes(monkeypatch) as choose:
        yield choose


@pytest.fixture
def appends(monkeypatch: pytest.MonkeyPatch) -> list[Append]:
    """What was handed to the recorder, whether it was stored or not."""
    seen: list[Append] = []
    real = LogRecorder.append

    def append(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        seen.append(added)
        return real(self, added)

    monkeypatch.setattr(LogRecorder, "append", append)
    return seen


def test_every_answer_is_the_one_on_the_newest_state(turn: Turn) -> None:
    refused = interleave_all(SEEDS, turn)

    print(f"seeds {SEEDS}: {STEPS} buttons each in two processes, refused {refused}")
    assert all(refused)


def test_without_guards_an_old_state_lets_something_through(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grounds, "unchanged_beside", lambda _self, _changed: ())

    with pytest.raises(AssertionError, match="seed"):
        interleave_all(range(20), turn)


def test_without_a_second_look_an_old_state_refuses(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Grounds, "add", lambda self, stream, version, **_: self.loaded.append((stream, version))
    )

    with pytest.raises(AssertionError, match="BoxIs"):
        interleave_all(range(20), turn)


def test_what_is_cached_is_not_asked_for_again(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    box, log = new_id(), turn(0)
    put_into(box, log)
    asked: list[UUID] = []
    real = LogRecorder.of_stream

    def of_stream(self: LogRecorder, stream: UUID, *bounds: int) -> list[tuple[int, str, bytes]]:
        asked.append(stream)
        return real(self, stream, *bounds)

    monkeypatch.setattr(LogRecorder, "of_stream", of_stream)
    put_into(box, log)
    assert asked == []

    assert log.fill(Box(box)).things == 2
    assert asked == [box]


def test_two_processes_that_take_turns_do_not_starve_each_other(
    turn: Turn, appends: list[Append]
) -> None:
    box, rounds = new_id(), 60
    for number in range(rounds):
        button = "take" if number % 2 else "put"
        receipt = press(button=button, box=box, other=box, room=new_id(), log=turn(number // 2 % 2))
        assert receipt.version == number + 1

    print(f"{rounds} commands in turns took {len(appends)} appends")
    assert len(appends) <= rounds * 1.2  # who was too late once asks the log first from then on


def test_threads_of_two_processes_break_no_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logs = (EventLog(), EventLog())
    boxes, room = [new_id() for _ in range(3)], new_id()
    mine = threading.local()
    monkeypatch.setattr(commands, "event_log", lambda: mine.log)
    monkeypatch.setattr(commands, "PAUSE_S", 0.001)

    def write(writer: int) -> list[Receipt]:
        mine.log = logs[writer % 2]
        chance, done = random.Random(writer), []
        for _ in range(EACH):
            box, other = chance.sample(boxes, 2)
            try:
                button = chance.choice(BUTTONS)
                done.append(press(button=button, box=box, other=other, room=room, log=mine.log))
            except (BoxIsFull, BoxIsEmpty, BoxIsLocked, Contended):
                continue
        return done

    answers = at_once([partial(write, writer) for writer in range(WRITERS)])

    receipts = [receipt for answer in answers for receipt in answer]
    known = {box: Box(box, room) for box in boxes}
    for recorded in logs[0].history(room):
        happened = recorded.event
        if isinstance(happened, ThingPut) and happened.copied_from:
            source = known[happened.copied_from]
            assert source.things, f"seq {recorded.seq}: a copy of nothing"
            assert not source.locked, f"seq {recorded.seq}: a copy out of a locked box"
        box_then = known[happened.originator_id]
        assert not box_then.locked or not isinstance(happened, ThingPut | BoxLocked)
        box_then.apply(happened)
        assert 0 <= box_then.things <= MOST
    events = sum(box.version for box in known.values())
    print(f"{WRITERS} writers in two processes: {len(receipts)} answers, {events} events")
    assert receipts
    for log in logs:
        log.close()


def test_an_entity_leaves_the_cache_with_its_key(turn: Turn) -> None:
    box, log = new_id(), turn(0)
    put_into(box, log)
    key_store().destroy(box)

    assert log.streams.cache.copy_of(box) is None
    with pytest.raises(Forgotten):
        log.fill(Box(box))


def test_an_id_that_was_made_up_takes_no_place_in_the_cache() -> None:
    known, cache = new_id(), event_log().streams.cache
    add(jar_id=known)

    with standing_on(Grounds(fresh=False)), pytest.raises(NotFound):
        event_log().load(Jar, new_id())

    assert list(cache._kept) == [known]


def test_an_entity_is_not_used_longer_than_its_key_without_asking_for_it(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, log = new_id(), turn(0)
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    key_store()._cached.clear()
    cache = log.streams.cache
    put_into(box, log)
    clock[0] += CACHE_S - 1
    assert cache.copy_of(box) is not None

    clock[0] += 2
    assert cache.copy_of(box) is None

    clock[0] += SWEEP_S
    assert cache.copy_of(new_id()) is None
    assert list(cache._kept) == [], "it is still in memory"


def interleave_all(seeds: Iterable[int], turn: Turn) -> list[int]:
    return [interleave(seed, STEPS, turn) for seed in seeds]


def put_into(box: UUID, log: EventLog) -> Receipt:
    return press(button="put", box=box, other=box, room=new_id(), log=log)
