"""A command that asks another one: each has a wish and grounds of its own."""

from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError

from spaces_project.kernel import commands
from spaces_project.kernel.commands import command
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Receipt, event_log
from spaces_project.kernel.log.recorder import Append, LogRecorder, StoredReceipt
from spaces_project.kernel.log.wish import idempotent
from tests.kernel.jars import Jar, add, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@command
def add_to_both(*, outer: UUID, inner: UUID, most: int | None = None) -> Receipt:
    """Put a marble into one jar by another command, and one into the other jar."""
    jar = event_log().fill(Jar(outer))
    add(jar_id=inner, colour="blue", most=most)
    jar.add("red")
    return event_log().append(jar)


def colours(jar_id: UUID) -> list[str]:
    return event_log().fill(Jar(jar_id)).colours


def test_both_are_carried_out_and_the_answer_is_the_outer_ones() -> None:
    outer, inner = new_id(), new_id()

    receipt = add_to_both(outer=outer, inner=inner)

    assert (receipt.entity_id, receipt.version, receipt.replayed) == (outer, 1, False)
    assert (colours(outer), colours(inner)) == (["red"], ["blue"])


def test_a_repetition_repeats_neither() -> None:
    outer, inner = new_id(), new_id()
    for replayed in (False, True):
        with idempotent("ana", "k1", b"{}"):
            receipt = add_to_both(outer=outer, inner=inner)
        assert (receipt.entity_id, receipt.replayed) == (outer, replayed)

    assert len(stored()) == 2


@pytest.mark.parametrize("most", [None, 1])
def test_who_decides_again_does_not_ask_the_other_twice(
    monkeypatch: pytest.MonkeyPatch, most: int | None
) -> None:
    outer, inner = new_id(), new_id()
    real, too_late = LogRecorder.append, [outer, outer]

    def append(self: LogRecorder, added: Append) -> list[StoredReceipt]:
        if added.answers[0].stream in too_late:
            too_late.pop()
            raise IntegrityError("somebody else was faster")
        return real(self, added)

    monkeypatch.setattr(LogRecorder, "append", append)
    monkeypatch.setattr(commands, "PAUSE_S", 0.0)
    receipt = add_to_both(outer=outer, inner=inner, most=most)

    assert (too_late, receipt.replayed) == ([], False)
    assert (colours(outer), colours(inner)) == (["red"], ["blue"])
