"""What is scheduled is done once it is due, by whom it may be done."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from spaces_project.kernel.clock import now
from spaces_project.kernel.jobs import cancel, patience, schedule, worker
from spaces_project.kernel.jobs.failed import counts, failed_jobs, try_again
from spaces_project.kernel.jobs.patience import ATTEMPTS, Patience
from spaces_project.kernel.jobs.worker import JobWorker, Pace
from spaces_project.kernel.refusals import StorageUnavailable
from tests.kernel.jars import eventually

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]
PACE = Pace(look_s=0.05, heartbeat_s=0.2, dead_after_s=30)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(worker, "PAUSE_S", 0.1)


@contextmanager
def working(task: Callable[..., None], pace: Pace = PACE) -> Iterator[JobWorker]:
    """A worker with one task."""
    started = JobWorker({"tests.task": task}, pace=pace)
    started.start()
    try:
        yield started
    finally:
        started.stop()
        started.join(20)
        assert not started.is_alive()


def soon(seconds: float = 0.0) -> datetime:
    return now() + timedelta(seconds=seconds)


def test_a_job_runs_when_it_is_due_and_not_before() -> None:
    ran: list[tuple[datetime, str]] = []
    due = soon(0.5)
    schedule("tests.task", due, "late", word="late")
    schedule("tests.task", soon(-3600), "long past", word="long past")

    with working(lambda word: ran.append((now(), word))):
        assert eventually(lambda: len(ran) == 2 and not counts().running)

    assert [word for _, word in ran] == ["long past", "late"]
    assert ran[1][0] >= due
    print(f"done {(ran[1][0] - due).total_seconds() * 1000:.0f} ms after it was due")
    assert (counts().waiting, counts().failed) == (0, 0)


def test_a_job_is_not_done_before_its_time_by_our_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is asked too early changes nothing, and would never be asked again."""
    monkeypatch.setattr(worker, "LONGEST_NAP_S", 0.05)
    behind_s, ran = [60.0], []

    def ours() -> datetime:
        return soon(-behind_s[0])

    monkeypatch.setattr(worker, "now", ours)
    due = soon()
    schedule("tests.task", due, "key")

    with working(lambda: ran.append(ours())):
        assert not eventually(lambda: ran, within_s=1)
        behind_s[0] = 0
        assert eventually(lambda: ran and not counts().running)

    assert ran[0] >= due
    assert (len(ran), counts().waiting, counts().failed) == (1, 0, 0)


def test_a_key_that_waits_is_left_as_it_is() -> None:
    due = soon(3600)

    assert schedule("tests.task", due, "once", word="first")
    assert not schedule("tests.task", soon(), "once", word="second")

    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at, args FROM procrastinate_jobs")
        ((at, arguments),) = cursor.fetchall()
    assert at == due
    assert json.loads(arguments) == {"word": "first"}


def test_a_key_may_be_scheduled_again_while_its_job_runs_and_after_a_failure() -> None:
    begun, go_on = Event(), Event()

    def task(word: str) -> None:
        begun.set()
        go_on.wait(20)
        if word == "first":
            raise ValueError("once is enough")

    schedule("tests.task", soon(), "key", word="first")
    with working(task):
        assert begun.wait(20)
        assert schedule("tests.task", soon(), "key", word="second")
        go_on.set()
        assert eventually(lambda: counts().failed == 1 and not counts().waiting, 40)


def test_a_cancelled_job_never_runs() -> None:
    schedule("tests.task", soon(3600), "key")

    assert cancel("key")
    assert not cancel("key")
    assert counts().waiting == 0


def test_what_is_rolled_back_was_never_scheduled() -> None:
    with transaction.atomic():
        schedule("tests.task", soon(), "key")
        transaction.set_rollback(True)

    assert counts().waiting == 0


def test_a_job_that_fails_is_tried_again_and_then_kept(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[datetime] = []

    def task() -> None:
        tries.append(now())
        raise ValueError("not today")

    schedule("tests.task", soon(), "key")
    with working(task):
        assert eventually(lambda: counts().failed == 1, 40)
        assert len(tries) == ATTEMPTS
        (job,) = failed_jobs()
        assert (job.task_name, job.attempts) == ("tests.task", ATTEMPTS)
        assert job.failed_at is not None
        assert "tests.task" in caplog.text

        assert try_again(job.job_id) == 1
        assert eventually(lambda: len(tries) > ATTEMPTS)


def test_a_database_that_is_away_is_waited_for_as_long_as_it_takes() -> None:
    class Job:
        attempts = 1000

    away = Patience().get_retry_decision(exception=StorageUnavailable(retry_after_s=2), job=Job())  # type: ignore[arg-type]
    wrong = Patience().get_retry_decision(exception=ValueError(), job=Job())  # type: ignore[arg-type]

    assert away is not None
    assert wrong is None


def test_a_job_whose_end_was_lost_is_done_again() -> None:
    ran: list[int] = []
    schedule("tests.task", soon(), "key")
    with working(lambda: ran.append(1)) as ours:
        assert eventually(lambda: ran and not counts().running)
        assert ours._worker is not None
        with connection.cursor() as cursor:  # handed to this worker, which knows nothing of it
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
                " VALUES ('spaces', 'tests.task', 'doing', %s)",
                [ours._worker.worker_id],
            )
        assert eventually(lambda: len(ran) == 2)


def test_a_worker_that_another_took_for_dead_registers_anew() -> None:
    ran: list[str] = []
    with working(ran.append) as ours:
        assert eventually(lambda: ours._worker is not None and ours._worker.worker_id)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")
        schedule("tests.task", soon(), "key")

        assert eventually(lambda: counts().waiting == 0 and counts().running == 0, 30)


def test_nobody_is_notified_of_a_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'procrastinate_jobs'::regclass"
            " AND tgname LIKE '%%job_inserted%%'"
        )
        assert cursor.fetchall() == []
