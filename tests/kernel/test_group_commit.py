"""Group commit: who comes at the same moment is written together, and nobody waits in vain."""

import threading
from functools import partial

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import group_commit
from spaces_project.kernel.log.appends import Append
from spaces_project.kernel.log.group_commit import GroupCommit
from spaces_project.kernel.log.writer import Clash, Stuck
from tests.kernel.jars import at_once
from tests.kernel.standing_in_line import (
    Storage,
    Written,
    an_append,
    in_line,
    outcomes,
    refuse,
    refuse_all,
    refuse_first,
)

THREADS = 16


@pytest.fixture
def storage() -> Storage:
    return Storage()


@pytest.fixture
def commits(storage: Storage) -> GroupCommit:
    return GroupCommit(storage.store, lambda: None)


def test_who_is_alone_writes_on_its_own_thread(commits: GroupCommit, storage: Storage) -> None:
    assert commits.commit(an_append()) == [(1, None)]
    assert commits.commit(an_append()) == [(2, None)]

    assert storage.writers == [threading.current_thread()] * 2


def test_who_comes_while_another_is_written_is_written_with_the_others(
    commits: GroupCommit, storage: Storage
) -> None:
    added = [an_append() for _ in range(THREADS)]
    threads = in_line(commits, storage, added)
    storage.open.set()

    assert outcomes(threads, added) == [[(1, None)]] + [[(2, None)]] * (THREADS - 1)
    assert storage.written == [added[:1], added[1:]]


def test_a_group_is_bounded(
    commits: GroupCommit, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_APPENDS", 5)
    added = [an_append() for _ in range(THREADS)]
    threads = in_line(commits, storage, added)
    storage.open.set()

    outcomes(threads, added)
    assert [len(group) for group in storage.written] == [1, 5, 5, 5]


def test_two_that_touch_the_same_are_not_written_in_one_group(
    commits: GroupCommit, storage: Storage
) -> None:
    stream = new_id()
    one, same = an_append(stream), an_append(stream)
    reader = an_append(unchanged=[(stream, 0)])
    twice = an_append()
    again = Append([], None, False, False, twice.answers)
    added = [an_append(), one, same, reader, twice, again]
    threads = in_line(commits, storage, added)
    storage.open.set()

    outcomes(threads, added)
    assert storage.written == [added[:1], [one, twice], [same, again], [reader]]


def test_only_the_guilty_one_fails(commits: GroupCommit, storage: Storage) -> None:
    added = [an_append() for _ in range(5)]
    storage.fails = partial(refuse, added[3], ValueError("not to be stored"))
    threads = in_line(commits, storage, added)
    storage.open.set()

    told = outcomes(threads, added)
    assert isinstance(told.pop(3), ValueError)
    assert all(isinstance(each, list) for each in told)


def test_who_clashes_with_another_process_looks_again(
    commits: GroupCommit, storage: Storage
) -> None:
    attempts = iter([Clash("in flight")])

    def clash_once(_: Written) -> None:
        for error in attempts:
            raise error

    storage.fails = clash_once
    assert commits.commit(an_append()) == [(1, None)]

    storage.fails = partial(refuse_all, Clash("again and again"))
    with pytest.raises(IntegrityError, match="again and again"):
        commits.commit(an_append())


def test_who_waits_for_a_stuck_row_keeps_only_its_own_room_waiting(
    commits: GroupCommit, storage: Storage
) -> None:
    room = new_id()
    added = [an_append(), an_append(room=room), an_append(), an_append(room=room), an_append()]
    stuck: list[Written] = []

    def stick(appends: Written) -> None:
        if any(each.room_id == room for each in appends):
            stuck.append(appends)
            raise Stuck("lock timeout")

    storage.fails = stick
    threads = in_line(commits, storage, added)
    storage.open.set()

    told = outcomes(threads, added)
    assert [isinstance(each, OperationalError) for each in told] == [0, 1, 0, 1, 0]
    assert stuck == [added[1:], [added[1]]], "nobody waits a second time"


def test_a_lost_database_is_told_to_all_at_once(commits: GroupCommit, storage: Storage) -> None:
    added = [an_append() for _ in range(THREADS)]
    asked: list[Written] = []

    def lose(appends: Written) -> None:
        asked.append(appends)
        raise OperationalError("server closed the connection unexpectedly")

    storage.fails = lose
    threads = in_line(commits, storage, added)
    storage.open.set()

    told = outcomes(threads, added)
    assert all(isinstance(each, OperationalError) for each in told)
    assert len({id(each) for each in told}) == THREADS, "each has an error of its own"
    assert asked == [added[:1]], "those in line do not ask a database that is not there"
    storage.fails = lambda _: None
    assert commits.commit(an_append()) == [(1, None)]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, MemoryError])
def test_whoever_is_interrupted_leaves_nobody_behind(
    commits: GroupCommit, storage: Storage, interruption: type[BaseException]
) -> None:
    added = [an_append() for _ in range(4)]
    storage.fails = partial(refuse_first, added[0], interruption())
    threads = in_line(commits, storage, added)
    storage.open.set()

    told = outcomes(threads, added)
    assert isinstance(told[0], interruption)
    assert all(isinstance(each, list) for each in told[1:])


def test_a_thread_that_writes_for_others_outlives_what_interrupts_it(
    commits: GroupCommit, storage: Storage
) -> None:
    added = [an_append() for _ in range(4)]
    storage.fails = partial(refuse_first, added[1], SystemExit())
    threads = in_line(commits, storage, added)
    storage.open.set()

    told = outcomes(threads, added)
    assert [type(each) for each in told] == [list] + [OperationalError] * 3
    again = [an_append() for _ in range(4)]
    threads = in_line(commits, storage, again)
    storage.open.set()
    assert all(isinstance(each, list) for each in outcomes(threads, again))


def test_without_another_thread_the_caller_writes_for_all(
    commits: GroupCommit, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    added = [an_append() for _ in range(4)]
    threads = in_line(commits, storage, added)
    monkeypatch.setattr(threading, "Thread", NoThread)
    storage.open.set()

    assert all(isinstance(each, list) for each in outcomes(threads, added))


def test_however_many_come_each_gets_its_own_answer(commits: GroupCommit, storage: Storage) -> None:
    def many() -> list[object]:
        return [commits.commit(an_append()) for _ in range(50)]

    answers = at_once([many] * THREADS)

    assert all(isinstance(each, list) and len(each) == 50 for each in answers)
    assert sum(map(len, storage.written)) == THREADS * 50
    print(f"{THREADS * 50} appends in {len(storage.written)} groups")
