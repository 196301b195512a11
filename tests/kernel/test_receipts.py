"""Receipts: whoever asks twice is answered twice, and it happens once."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import connections
from eventsourcing.persistence import OperationalError

from spaces_project.kernel import commands
from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from spaces_project.kernel.log.wish import expecting_version, idempotent
from spaces_project.kernel.refusals import KeyReused, StorageUnavailable, VersionMismatch
from tests.kernel.jars import JarIsFull, add, as_owner, at_once, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

AT_ONCE = 20
CUTS = 10


def asked(key: str, body: bytes = b"{}", who: str = "ana", **facts: object) -> Receipt:
    with idempotent(who, key, body):
        return add(**facts)  # type: ignore[arg-type]


@pytest.fixture
def losing_replies(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets the recorder lose the reply to so many commits: stored, then an error.

    This stands where the driver raises when a connection breaks between COMMIT and its answer;
    the cut in the network itself is made in test_lost_replies.py.
    """
    left = 0

    def lose(times: int) -> None:
        nonlocal left
        left = times

    real = LogRecorder.append

    def append(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        nonlocal left
        kept = real(self, added)
        if left:
            left -= 1
            raise OperationalError("server closed the connection unexpectedly")
        return kept

    monkeypatch.setattr(LogRecorder, "append", append)
    monkeypatch.setattr(commands, "STORAGE_PAUSE_S", 0.001)
    return lose


def test_a_repetition_gets_the_first_answer_and_changes_nothing() -> None:
    jar_id, room = new_id(), new_id()
    first = asked("k1", jar_id=jar_id, room=room)
    add(jar_id=jar_id, room=room)

    again = asked("k1", jar_id=jar_id, room=room)

    assert again.replayed
    assert (again.entity_id, again.version, again.position, again.seq) == (
        first.entity_id,
        first.version,
        first.position,
        first.seq,
    )
    assert len(stored()) == 2


def test_the_same_key_for_another_wish_is_refused() -> None:
    jar_id = new_id()
    asked("k1", b'{"colour":"red"}', jar_id=jar_id)

    with pytest.raises(KeyReused):
        asked("k1", b'{"colour":"blue"}', jar_id=jar_id)

    assert len(stored()) == 1


def test_nobody_gets_another_ones_answer() -> None:
    jar_id = new_id()
    asked("k1", who="ana", jar_id=jar_id)

    receipt = asked("k1", who="bo", jar_id=jar_id)

    assert not receipt.replayed
    assert len(stored()) == 2


def test_a_refused_wish_may_be_asked_again_under_its_key() -> None:
    jar_id = new_id()
    with pytest.raises(JarIsFull):
        asked("k1", jar_id=jar_id, most=0)

    assert not asked("k1", jar_id=jar_id, most=1).replayed
    assert len(stored()) == 1


def test_one_wish_sent_many_times_at_once_happens_once() -> None:
    jar_id = new_id()

    answers = at_once([lambda: asked("k1", jar_id=jar_id)] * AT_ONCE)

    assert [a for a in answers if not isinstance(a, Receipt)] == []
    assert {(a.version, a.position) for a in answers} == {(1, answers[0].position)}
    assert sorted(a.replayed for a in answers) == [False] + [True] * (AT_ONCE - 1)
    assert len(stored()) == 1


def test_a_receipt_tells_nothing_of_what_was_asked() -> None:
    asked("k1", b"correct horse", jar_id=new_id())

    with as_owner() as owner:
        rows = owner.execute("SELECT command_id::text, fingerprint FROM log_receipts").fetchall()

    assert len(rows) == 1
    assert len(bytes(rows[0][1])) == 32
    assert b"correct horse" not in bytes(rows[0][1])


@pytest.mark.parametrize("with_key", [True, False])
def test_a_commit_whose_reply_was_lost_is_found_by_its_receipt(
    losing_replies: Callable[[int], None], with_key: bool
) -> None:
    jar_id = new_id()
    losing_replies(1)

    receipt = asked("k1", jar_id=jar_id) if with_key else add(jar_id=jar_id)

    (only,) = stored()
    assert (receipt.version, receipt.position, receipt.replayed) == (1, only.position, True)


def test_a_commit_that_is_seen_only_after_the_look_for_its_receipt_is_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jar_id = new_id()
    add(jar_id=jar_id, most=2)
    real, look = LogRecorder.append, LogRecorder.receipt
    on_its_way: list[Append] = []

    def lose(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        del self
        on_its_way.append(added)
        monkeypatch.setattr(LogRecorder, "append", real)
        raise OperationalError("server closed the connection unexpectedly")

    def receipt(self: LogRecorder, command_id: UUID) -> StoredReceipt | None:
        found = look(self, command_id)
        monkeypatch.setattr(LogRecorder, "receipt", look)
        self.append(on_its_way.pop())  # the commit is done now
        return found

    monkeypatch.setattr(LogRecorder, "append", lose)
    monkeypatch.setattr(LogRecorder, "receipt", receipt)

    assert add(jar_id=jar_id, most=2).version == 2  # not: the jar is full
    assert len(stored()) == 2


def test_a_client_that_saw_an_error_and_asks_again_gets_the_original_answer(
    losing_replies: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    jar_id = new_id()

    answers: list[type[Exception] | None] = [None, StorageUnavailable]

    def look_up(_: object) -> None:
        if broken := answers.pop(0):
            raise broken

    losing_replies(1)
    with monkeypatch.context() as down:
        down.setattr(commands, "known_receipt", look_up)
        with pytest.raises(StorageUnavailable):
            asked("k1", jar_id=jar_id)
    receipt = asked("k1", jar_id=jar_id)

    assert receipt.replayed
    assert len(stored()) == 1


def test_a_backend_killed_between_two_commands_costs_neither() -> None:
    jar_id = new_id()
    for number in range(CUTS):
        asked(f"k{number}", jar_id=jar_id, most=CUTS)
        kill_every_backend()
        assert asked(f"k{number}", jar_id=jar_id, most=CUTS).version == number + 1

    assert len(stored()) == CUTS


def test_a_wish_is_carried_out_on_the_version_that_its_asker_saw() -> None:
    jar_id = new_id()
    add(jar_id=jar_id)

    with expecting_version(1):
        assert add(jar_id=jar_id).version == 2
    with expecting_version(1), pytest.raises(VersionMismatch) as refused:
        add(jar_id=jar_id)

    assert refused.value.facts == {"current_version": 2}
    assert len(stored()) == 2


def test_a_repetition_is_no_mismatch() -> None:
    jar_id = new_id()
    add(jar_id=jar_id)
    for replayed in (False, True):
        with expecting_version(1):
            assert asked("k1", jar_id=jar_id).replayed is replayed


def kill_every_backend() -> None:
    """End every connection to the log's database; Django's own would not notice by itself."""
    with psycopg.connect(connection_string(), autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connections.close_all()  # Django looks at its own only between requests
    connections.close_all()
