"""Policies: each event is answered once, whatever happens in between."""

from typing import ClassVar
from uuid import UUID, uuid5

import pytest

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following import dead_letters, poison, reactions
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.following.retries import retry
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded, event_log
from tests.kernel.jars import Jar, JarShut, MarbleAdded, add, at_once, shut

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


class Crash(BaseException):
    """The process ends here."""


def answer_jar(jar_id: UUID, place: int = 0) -> UUID:
    return uuid5(jar_id, f"answer {place}")


class Answer(Policy):
    """When a jar is shut, some other jars get a marble each."""

    name = "tests.answer"
    listen_to: ClassVar[tuple[type[DomainEvent], ...]] = (JarShut,)
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


class Choosy(Answer):
    """Cannot answer for one room; counts what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.cannot: UUID | None = None

    def react(self, recorded: Recorded) -> None:
        super().react(recorded)
        if recorded.room_id == self.cannot:
            raise ValueError("this room is too much")


def test_what_a_policy_cannot_answer_stops_only_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poison, "PAUSES_S", (0.0, 0.0))
    rooms, jars = [new_id(), new_id()], [new_id() for _ in range(3)]
    policy = Choosy()
    policy.cannot = rooms[0]
    shut(jar_id=jars[0], room=rooms[0])
    shut(jar_id=jars[1], room=rooms[1])
    shut(jar_id=jars[2])
    react(policy)

    (letter,) = dead_letters.dead_letters(policy.name)
    assert letter.key == rooms[0]
    assert positions()[policy.name] == 3
    # Tried three times and retried: its first command is asked for once.
    assert [marbles(jar_id) for jar_id in jars] == [[1], [1], [1]]
    assert retry(policy) == [letter]
    policy.cannot = None
    assert retry(policy) == []
    assert [marbles(jar_id) for jar_id in jars] == [[1], [1], [1]]


def test_later_events_of_a_parked_room_wait_for_the_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(poison, "PAUSES_S", (0.0, 0.0))

    class Marbles(Choosy):
        name = "tests.marbles"
        listen_to = (MarbleAdded,)

        def react(self, recorded: Recorded) -> None:
            if recorded.room_id == self.cannot:
                raise ValueError("not yet")
            asked.append(recorded.position)

    asked: list[int] = []
    room = new_id()
    policy = Marbles()
    policy.cannot = room
    there = [add(jar_id=new_id(), room=room).position for _ in range(2)]
    elsewhere = add(jar_id=new_id()).position
    react(policy)
    there.append(add(jar_id=new_id(), room=room).position)
    react(policy)
    policy.cannot = None
    react(policy)
    assert asked == [elsewhere]

    assert retry(policy) == []
    assert asked == [elsewhere, *there]
    assert positions()[policy.name] == there[-1]
