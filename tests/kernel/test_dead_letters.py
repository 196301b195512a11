"""Dead letters: a poison event stops its room for that follower, nothing else, and alarms."""

import logging
from collections.abc import Iterator
from uuid import UUID

import pytest

from spaces_project.kernel.following import poison
from spaces_project.kernel.following.retries import retry
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded
from tests.kernel.jars import JarShut, add, as_owner, shut
from tests.kernel.poison import (
    POISON,
    Shelf,
    follow,
    in_log,
    on_shelf,
    poison_stops_only_its_rooms,
    shelf_table,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelf")]

SEED = 310


@pytest.fixture
def shelf(databases: object) -> Iterator[None]:
    """The table of marbles; no key forbids a second one."""
    del databases
    with shelf_table():
        yield


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try three times without a pause."""
    monkeypatch.setattr(poison, "PAUSES_S", (0.0, 0.0))


def alter(position: int) -> None:
    with as_owner() as owner:
        owner.execute(
            "UPDATE log_events SET state = set_byte(state, 40, get_byte(state, 40) # 1)"
            " WHERE notification_id = %s",
            (position,),
        )


def test_a_poison_event_stops_its_room_and_nothing_else_until_it_is_mended() -> None:
    poison_stops_only_its_rooms(SEED, events=120, places=16, poisoned=3)


def test_a_room_that_was_retried_goes_on() -> None:
    jar_id = new_id()
    add(jar_id=jar_id, colour=POISON)
    follow(Shelf())
    retry(Shelf(mended=True))

    add(jar_id=jar_id)
    follow(Shelf())

    assert on_shelf() == in_log()


def test_without_stopping_the_room_its_order_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: later events of a parked room are not passed over."""
    monkeypatch.setattr(poison, "parked_rooms", lambda _: frozenset[UUID]())
    jar_id = new_id()
    for colour in ("red", POISON, "blue"):
        add(jar_id=jar_id, colour=colour)
        follow(Shelf())
    monkeypatch.undo()

    retry(Shelf(mended=True))

    assert on_shelf() != in_log()


def test_a_retry_that_helps_nothing_leaves_the_room_where_it_stopped() -> None:
    jar_id = new_id()
    places = [add(jar_id=jar_id, colour=colour).position for colour in ("red", POISON, "blue")]
    follow(Shelf())

    (left,) = retry(Shelf())

    assert (left.key, left.position, left.error) == (jar_id, places[1], "Poisoned")
    assert on_shelf() == {jar_id: places[:1]}


def test_a_retry_goes_as_far_as_it_can() -> None:
    jar_id = new_id()
    first = add(jar_id=jar_id, colour=POISON).position
    good = add(jar_id=jar_id).position
    follow(Shelf())
    second = add(jar_id=jar_id, colour=POISON).position
    follow(Shelf())

    class HalfMended(Shelf):
        def apply(self, recorded: Recorded) -> None:
            self.mended = recorded.position == first
            super().apply(recorded)

    (left,) = retry(HalfMended())

    assert left.position == second
    assert on_shelf() == {jar_id: [first, good]}


def test_many_pages_are_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spaces_project.kernel.following.retries.PAGE", 2)
    room = new_id()
    for number in range(9):
        add(jar_id=new_id(), room=room, colour=POISON if number == 0 else "red")
    follow(Shelf())

    assert retry(Shelf(mended=True)) == []
    assert on_shelf() == in_log()


def test_an_event_that_was_altered_stops_its_room() -> None:
    room, other = new_id(), new_id()
    positions_ = [add(jar_id=new_id(), room=room).position for _ in range(3)]
    elsewhere = add(jar_id=new_id(), room=other).position
    alter(positions_[1])

    follow(Shelf())

    assert on_shelf() == {room: positions_[:1], other: [elsewhere]}
    alter(positions_[1])  # as it was
    assert retry(Shelf()) == []
    assert on_shelf()[room] == positions_


def test_an_altered_event_that_nobody_listens_to_stops_nobody() -> None:
    class OnlyShut(Shelf):
        listen_to = (JarShut,)

    room = new_id()
    alter(add(jar_id=new_id(), room=room).position)
    position = shut(jar_id=new_id(), room=room).position

    follow(OnlyShut())

    assert on_shelf() == {room: [position]}


def test_the_alarm_is_raised_once_and_tells_no_payload(caplog: pytest.LogCaptureFixture) -> None:
    jar_id = new_id()
    for _ in range(3):
        add(jar_id=jar_id, colour=POISON)
    with caplog.at_level(logging.ERROR):
        follow(Shelf())

    (alarm,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert f"stream {jar_id}" in alarm.getMessage()
    assert "Poisoned" in alarm.getMessage()
    assert POISON not in alarm.getMessage()
