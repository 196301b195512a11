"""Writers at the same moment: decided again on the new state, never past a rule."""

import random
from functools import partial

import pytest
from eventsourcing.persistence import IntegrityError
from pytest_django import Settings

from rooms import commands as rooms
from rooms.domain.errors import RoomIsOver
from rooms.domain.events import RoomEnded
from spaces_project.kernel import commands
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import EventLog, Receipt, event_log
from spaces_project.kernel.refusals import Contended
from spaces_project.presets import PRESETS
from tests.kernel.jars import (
    CAPACITY,
    Jar,
    JarIsFull,
    JarIsShut,
    JarShut,
    add,
    at_once,
    shut,
    stored,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEED = 17
ROUNDS = 40
ROOM_ROUNDS = 12


def test_who_was_slower_decides_again_and_no_rule_is_broken() -> None:
    for _ in range(10):
        jar_id = new_id()

        answers = at_once([partial(add, jar_id=jar_id, most=CAPACITY)] * (CAPACITY + 3))

        added = [a for a in answers if isinstance(a, Receipt)]
        others = {type(a) for a in answers if not isinstance(a, Receipt)}
        assert len(added) <= CAPACITY
        assert others <= {JarIsFull, Contended}
        assert sorted(a.version for a in added) == list(range(1, len(added) + 1))
        assert len(event_log().load(Jar, jar_id).colours) == len(added)


def test_who_is_always_slower_is_told_so_after_five_attempts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = 0

    def slower(*_: object) -> None:
        nonlocal attempts
        attempts += 1
        raise IntegrityError

    monkeypatch.setattr(commands, "PAUSE_S", 0.0)
    monkeypatch.setattr(event_log().recorder, "append", slower)
    with pytest.raises(Contended):
        add(jar_id=new_id())

    assert attempts == 5
    monkeypatch.undo()
    assert stored() == []


def test_a_decision_on_an_old_state_is_not_stored() -> None:
    jar_id = new_id()
    one, two = Jar(jar_id), Jar(jar_id)
    one.add("red")
    two.add("blue")
    event_log().append(one)

    with pytest.raises(IntegrityError):
        event_log().append(two)

    assert event_log().load(Jar, jar_id).colours == ["red"]


def test_all_of_an_append_or_nothing_is_stored() -> None:
    jar_id, room = new_id(), new_id()
    add(jar_id=jar_id, room=room)
    other, stale = Jar(new_id(), room), Jar(jar_id, room)
    other.add("red")
    stale.add("red")

    with pytest.raises(IntegrityError):
        event_log().append(other, stale)

    assert len(stored()) == 1
    assert event_log().recorder.last_seq(room) == 1


def test_two_processes_contend_as_two_threads_do() -> None:
    jar_id, another = new_id(), EventLog()
    for log in (event_log(), another, event_log(), another):
        jar = log.fill(Jar(jar_id))
        jar.add("red")
        log.append(jar)

    assert event_log().load(Jar, jar_id).version == 4
    another.close()


def test_nothing_is_stored_behind_the_end_of_a_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "PAUSE_S", 0.001)
    chance = random.Random(SEED)
    late = 0
    for _ in range(ROUNDS):
        room = new_id()
        asks = [partial(add, jar_id=new_id(), room=room) for _ in range(4)]
        asks.insert(chance.randrange(5), partial(shut, jar_id=new_id(), room=room))

        answers = at_once(asks)

        found = [r.event for r in event_log().history(room)]
        refused = [a for a in answers if not isinstance(a, Receipt)]
        late += len(refused)
        assert {type(a) for a in refused} <= {Contended, JarIsShut}
        assert [type(e) for e in found].index(JarShut) == len(found) - 1
        assert len(found) == len(answers) - len(refused)
    print(f"seed {SEED}: {ROUNDS} ends, {late} came too late")
    assert late


def test_nobody_joins_a_room_that_ended_meanwhile(settings: Settings) -> None:
    settings.PRESET = PRESETS["classic"]
    late = 0
    for _ in range(ROOM_ROUNDS):
        host = new_id()
        room_id = rooms.open_room(host_id=host, title="Race").entity_id
        rooms.start(room_id=room_id, by=host)

        answers = at_once(
            [
                partial(rooms.join, room_id=room_id, account_id=new_id()),
                partial(rooms.end, room_id=room_id, by=host),
                partial(rooms.join, room_id=room_id, account_id=new_id()),
            ]
        )

        history = [r.event for r in event_log().history(room_id)]
        refused = [a for a in answers if not isinstance(a, Receipt)]
        late += len(refused)
        assert {type(a) for a in refused} <= {RoomIsOver}
        assert isinstance(history[-1], RoomEnded)
        assert [r.seq for r in event_log().history(room_id)] == list(range(1, len(history) + 1))
    print(f"{ROOM_ROUNDS} rooms ended, {late} came too late")
