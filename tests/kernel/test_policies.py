"""Policies: each event is answered once, whatever happens in between."""

from uuid import UUID, uuid5

import pytest

from spaces_project.kernel.following import reactions
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded, event_log
from tests.kernel.jars import Jar, JarShut, add, at_once, shut

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


class Crash(BaseException):
    """The process ends here."""


def answer_jar(jar_id: UUID, place: int = 0) -> UUID:
    return uuid5(jar_id, f"answer {place}")


class Answer(Policy):
    """When a jar is shut, some other jars get a marble each."""

    name = "tests.answer"
    listen_to = (JarShut,)
    from_the_beginning = True

    def __init__(self, jars: int = 1, *, leave_out: int | None = None) -> None:
        self.jars = jars
        self.leave_out = leave_out
        self.crash_after: int | None = None

    def react(self, recorded: Recorded) -> None:
        for place in range(self.jars):
            if place != self.leave_out:
                add(jar_id=answer_jar(recorded.event.originator_id, place))
            if place == self.crash_after:
                raise Crash


def marbles(jar_id: UUID, jars: int = 1) -> list[int]:
    return [len(event_log().fill(Jar(answer_jar(jar_id, n))).colours) for n in range(jars)]


def test_each_event_that_it_listens_to_is_answered() -> None:
    jar_id = new_id()
    add(jar_id=jar_id)
    shut(jar_id=jar_id)

    while react(Answer()):
        pass

    assert marbles(jar_id) == [1]
    assert positions()[Answer.name] == event_log().head()


def test_it_answers_once_though_killed_before_it_wrote_that_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jar_id = new_id()
    shut(jar_id=jar_id)

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(reactions, "advance_policy", crash)
        for _ in range(3):
            with pytest.raises(Crash):
                react(Answer())
    react(Answer())

    assert marbles(jar_id) == [1]


def test_an_answer_of_several_commands_goes_on_where_it_broke_off() -> None:
    jar_id = new_id()
    shut(jar_id=jar_id)
    broken = Answer(jars=3)
    broken.crash_after = 0
    with pytest.raises(Crash):
        react(broken)

    # The second time what was done already is not even asked for: the next command is the first.
    react(Answer(jars=3, leave_out=0))

    assert marbles(jar_id, 3) == [1, 1, 1]


def test_two_that_run_at_once_answer_once() -> None:
    jar_ids = [new_id() for _ in range(10)]
    for jar_id in jar_ids:
        shut(jar_id=jar_id)

    answers = at_once([lambda: react(Answer())] * 2)

    assert [a for a in answers if isinstance(a, BaseException)] == []
    assert [marbles(jar_id) for jar_id in jar_ids] == [[1]] * len(jar_ids)
