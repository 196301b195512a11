"""The log's connections: lost, silent, or inherited, they keep nobody waiting for ever."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest
from eventsourcing.persistence import OperationalError, PersistenceError, StoredEvent

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log import waker, writer
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.kernel.log.recorder import CHANNEL, Answer, Append, LogRecorder, StoredReceipt
from tests.kernel.jars import Jar, add, at_once, eventually

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

THREADS = 16
EACH = 20
KILLS = 5


@pytest.fixture
def recorder(databases: object) -> Iterator[LogRecorder]:
    """A recorder with connections of its own."""
    del databases
    log = EventLog()
    yield log.recorder
    log.close()


def an_append() -> Append:
    stream = new_id()
    event = StoredEvent(stream, 1, "tests.MarbleAdded", b"")
    return Append([event], None, False, False, [Answer(new_id(), b"", stream, 1)])


def backend(recorder: LogRecorder) -> int:
    connection = recorder._writer._connection
    assert connection is not None
    return connection.info.backend_pid


def kill(pid: int) -> None:
    with psycopg.connect(connection_string(), autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_connection_that_ended_meanwhile_costs_no_append(recorder: LogRecorder) -> None:
    for _ in range(KILLS):
        recorder.append(an_append())
        first = backend(recorder)
        kill(first)
        assert eventually(partial(has_ended, first))

        assert recorder.append(an_append())
        assert backend(recorder) != first


def has_ended(pid: int) -> bool:
    with psycopg.connect(connection_string(), autocommit=True) as visitor:
        found = visitor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
        return found.fetchone() is None


def test_a_connection_lost_under_load_is_told_and_made_again(recorder: LogRecorder) -> None:
    asked = [[an_append() for _ in range(EACH)] for _ in range(THREADS)]

    def work(mine: list[Append]) -> list[StoredReceipt | OperationalError]:
        answers: list[StoredReceipt | OperationalError] = []
        for added in mine:
            try:
                answers += recorder.append(added)
            except OperationalError as error:
                answers.append(error)
        return answers

    def disturb() -> None:
        for _ in range(KILLS):
            time.sleep(0.02)
            if recorder._writer._connection is not None:
                kill(backend(recorder))

    recorder.append(an_append())
    *told, _ = at_once([*(partial(work, mine) for mine in asked), disturb])

    lost = 0
    for mine, answers in zip(asked, told, strict=True):
        for added, answer in zip(mine, answers, strict=True):
            kept = recorder.receipt(added.answers[0].command_id)
            if isinstance(answer, StoredReceipt):
                assert kept is not None
                assert (kept.position, kept.stream) == (answer.position, answer.stream)
            lost += not isinstance(answer, StoredReceipt)
    print(f"{THREADS * EACH} appends, {KILLS} kills: {lost} with unknown outcome")
    assert recorder.append(an_append())


def test_a_silent_server_is_given_up(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.append(an_append())
    silent = backend(recorder)
    monkeypatch.setattr(writer, "ANSWER_S", 0.5)
    os.kill(silent, signal.SIGSTOP)
    try:
        told = at_once([partial(recorder.append, an_append())] * THREADS)
    finally:
        os.kill(silent, signal.SIGCONT)
    monkeypatch.undo()

    assert any(isinstance(each, OperationalError) for each in told)
    assert recorder.append(an_append())
    assert backend(recorder) != silent


def test_a_forked_process_has_connections_of_its_own() -> None:
    recorder = event_log().recorder
    recorder.append(an_append())
    mine, before = backend(recorder), an_append()

    child = os.fork()
    if child == 0:
        code = 1
        try:
            recorder.append(before)
            code = 0 if backend(recorder) != mine and recorder.after(0, 9) else 2
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert recorder.receipt(before.answers[0].command_id)
    recorder.append(an_append())
    assert backend(recorder) == mine


def test_a_forked_process_waits_for_no_lock_of_its_parent() -> None:
    jar_id = new_id()
    add(jar_id=jar_id)
    with event_log().streams.cache._lock, key_store()._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            code = 1
            try:
                code = 0 if event_log().load(Jar, jar_id).version == 1 else 2
            finally:
                os._exit(code)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert event_log().load(Jar, jar_id).version == 1


def test_a_connection_that_was_not_made_ready_is_not_used(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.append(an_append())
    recorder._writer.close()

    with monkeypatch.context() as broken:
        broken.setattr(writer, "PLANNING", b"SELECT 1 / 0")
        with pytest.raises(PersistenceError):
            recorder.append(an_append())

    assert recorder.append(an_append())


def test_what_is_stored_is_told_soon_and_not_one_by_one(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waker, "SHORTEST_GAP_S", 0.2)
    with psycopg.connect(connection_string(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        began = time.monotonic()
        for _ in range(EACH * THREADS):
            recorder.append(an_append())
        recorder._waker.stop()  # says what is due
        gaps = (time.monotonic() - began) / 0.2
        told = list(listener.notifies(timeout=0.5))

    print(f"{EACH * THREADS} appends, {len(told)} wake-ups")
    assert 1 <= len(told) <= gaps + 2


def test_wake_ups_go_on_after_their_connection_is_lost(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waker, "PAUSE_S", 0.01)
    with psycopg.connect(connection_string(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        recorder.append(an_append())
        assert list(listener.notifies(timeout=30, stop_after=1))
        found = listener.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'NOTIFY%'"
        )
        assert found.fetchall()

        recorder.append(an_append())
        assert list(listener.notifies(timeout=30, stop_after=1))


def test_a_closed_log_begins_anew(recorder: LogRecorder) -> None:
    recorder.append(an_append())
    recorder.datastore.close()

    assert recorder._group_commit.commit(an_append())
    with psycopg.connect(connection_string(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        recorder._group_commit.commit(an_append())
        assert list(listener.notifies(timeout=30, stop_after=1))


def test_closing_the_log_ends_all_of_its_connections(recorder: LogRecorder) -> None:
    recorder.append(an_append())
    waking, mine = recorder._waker._thread, [backend(recorder)]
    assert waking is not None
    with recorder.datastore.get_connection() as pooled:
        mine.append(pooled.info.backend_pid)

    recorder.datastore.close()

    assert all(eventually(partial(has_ended, pid), within_s=30) for pid in mine)
    assert eventually(lambda: not waking.is_alive(), within_s=30)
