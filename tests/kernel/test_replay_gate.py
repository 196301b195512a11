"""A policy never reacts to history, unless somebody says so in so many words."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following.positions import let_react_again, positions
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.management.commands import react_again
from tests.kernel.jars import shut
from tests.kernel.shelves import in_thread
from tests.kernel.test_policies import Answer, marbles

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

END = 3


class Newcomer(Answer):
    """A policy that this version brings along."""

    name = "tests.newcomer"
    from_the_beginning = False


def test_a_new_policy_never_reacts_to_history() -> None:
    old, new = new_id(), new_id()
    shut(jar_id=old)
    while react(Newcomer()):
        pass
    shut(jar_id=new)
    while react(Newcomer()):
        pass

    assert (marbles(old), marbles(new)) == ([0], [1])


def test_a_policy_that_says_so_begins_with_the_log() -> None:
    jar_id = new_id()
    shut(jar_id=jar_id)

    react(Answer())  # the broken variant of the gate: history is answered

    assert marbles(jar_id) == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_positions SET position = 0",
        "UPDATE log_positions SET name = 'tests.other', position = 0",
        "UPDATE log_positions SET reacts = false",
        "DELETE FROM log_positions",
    ],
)
def test_nobody_sets_a_policy_back_by_mistake(statement: str) -> None:
    shut(jar_id=new_id())
    react(Answer())
    before = positions()

    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_anybody() as somebody:
        somebody.execute(statement.encode())

    assert positions() == before


def test_with_an_explicit_word_a_policy_reacts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(react_again, "policies", lambda: [Newcomer()])
    jar_id = new_id()
    shut(jar_id=jar_id)
    react(Newcomer())

    with pytest.raises(CommandError, match="act on it now"):
        call_command("react_again", Newcomer.name, after=0)
    with pytest.raises(CommandError, match="cannot go to"):
        call_command("react_again", Newcomer.name, after=10**6, yes_react_again=True)
    react(Newcomer())
    assert marbles(jar_id) == [0]

    call_command("react_again", Newcomer.name, after=0, yes_react_again=True)
    react(Newcomer())
    assert marbles(jar_id) == [1]


def test_a_policy_that_is_set_back_amid_a_batch_reacts_again() -> None:
    """What is still answered of the batch does not carry it past where it was set back to."""
    seen: list[int] = []

    class Watched(Newcomer):
        from_the_beginning = True

        def react(self, recorded: Recorded) -> None:
            seen.append(recorded.position)
            if len(seen) == END:
                in_thread(lambda: let_react_again(self, after=0))

    for _ in range(END + 1):
        shut(jar_id=new_id())
    react(Watched(), limit=1)
    while react(Watched()):
        pass

    assert seen == [1, *range(2, END + 2), *range(1, END + 2)]


@contextmanager
def as_anybody() -> Iterator[psycopg.Connection]:
    with psycopg.connect(connection_string(), autocommit=True) as found:
        yield found
