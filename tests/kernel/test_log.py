"""The log: positions, the rooms' sequences, visibility; what was added stays."""

import random
import threading
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.appends import CALL, Answer, Append, as_arguments
from spaces_project.kernel.log.event_log import EventLog, Recorded, event_log
from spaces_project.kernel.refusals import NotFound
from tests.kernel.jars import Jar, JarShut, MarbleAdded, add, as_owner, at_once, shut, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEED = 8817
WRITERS = 8
EACH = 40
ROOMS = 4


def test_an_event_comes_back_as_it_was() -> None:
    jar_id, room = new_id(), new_id()

    receipt = add(jar_id=jar_id, colour="grün", room=room)

    (found,) = stored()
    assert found.event == MarbleAdded(
        originator_id=jar_id, originator_version=1, at=found.event.at, colour="grün"
    )
    assert (found.position, found.room_id, found.seq) == (receipt.position, room, 1)
    assert (receipt.entity_id, receipt.version, receipt.seq) == (jar_id, 1, 1)
    assert not receipt.replayed


def test_an_entity_is_loaded_now_and_then() -> None:
    jar_id = new_id()
    for colour in ("red", "blue", "green"):
        add(jar_id=jar_id, colour=colour)

    assert event_log().load(Jar, jar_id).colours == ["red", "blue", "green"]
    assert event_log().load(Jar, jar_id, version=2).colours == ["red", "blue"]
    with pytest.raises(NotFound):
        event_log().load(Jar, new_id())


def test_nothing_decided_is_nothing_stored() -> None:
    jar_id, room = new_id(), new_id()
    add(jar_id=jar_id, room=room)

    receipt = event_log().append(event_log().fill(Jar(jar_id, room)))

    assert len(stored()) == 1
    assert (receipt.version, receipt.seq) == (1, 1)


def test_one_append_of_several_entities_is_numbered_in_order() -> None:
    room = new_id()
    one, two = Jar(new_id(), room), Jar(new_id(), room)
    one.add("red")
    two.add("blue")
    two.add("green")

    receipt = event_log().append(one, two, answer_with=two)

    found = stored()
    assert [(r.seq, r.event.originator_id) for r in found] == [
        (1, one.id),
        (2, two.id),
        (3, two.id),
    ]
    assert (receipt.entity_id, receipt.version) == (two.id, 2)
    assert (receipt.position, receipt.seq) == (found[-1].position, 3)


def test_writers_in_parallel_leave_no_hole_in_any_room() -> None:
    rooms = [new_id() for _ in range(ROOMS)]

    def write(writer: int) -> None:
        chance = random.Random(f"{SEED} {writer}")
        for _ in range(EACH):
            add(jar_id=new_id(), room=chance.choice(rooms))

    failed = [e for e in at_once(partial(write, n) for n in range(WRITERS)) if e is not None]

    found = stored()
    print(f"seed {SEED}: {len(found)} events of {WRITERS} writers in {ROOMS} rooms")
    assert failed == []
    assert len(found) == WRITERS * EACH
    assert [r.position for r in found] == sorted({r.position for r in found})
    for room in rooms:
        seqs = [r.seq for r in found if r.room_id == room]
        assert seqs == list(range(1, len(seqs) + 1))
        assert event_log().recorder.last_seq(room) == len(seqs)


def test_a_reader_that_follows_the_writers_sees_everything_once_and_in_order() -> None:
    seen: list[Recorded] = []
    written = threading.Event()

    def follow() -> None:
        after = 0
        while True:
            finished = written.is_set()
            page = event_log().read(after, 7)
            seen.extend(page)
            after = page[-1].position if page else after
            if finished and not page:
                return

    def write() -> None:
        for _ in range(EACH):
            add(jar_id=new_id(), room=new_id())

    readers = [threading.Thread(target=follow) for _ in range(1)]
    for reader in readers:
        reader.start()
    failed = [e for e in at_once([write] * WRITERS) if e is not None]
    written.set()
    for reader in readers:
        reader.join()

    assert failed == []
    assert [r.position for r in seen] == [r.position for r in stored()]
    assert len(seen) == WRITERS * EACH


def test_no_later_position_is_read_before_an_earlier_one() -> None:
    slow, quick = new_id(), new_id()
    with as_owner() as writer, writer.transaction():
        append_by_hand(writer, slow)

        assert add(jar_id=quick).position == 2, "nobody waits for a slow writer of another room"
        assert stored() == []

    assert [r.event.originator_id for r in stored()] == [slow, quick]


def test_one_process_sees_at_once_what_another_stored() -> None:
    jar_id = new_id()
    add(jar_id=jar_id)
    event_log().load(Jar, jar_id)
    another = EventLog()
    jar = another.fill(Jar(jar_id))
    jar.add("blue")
    another.append(jar)

    assert event_log().load(Jar, jar_id).colours == ["red", "blue"]
    another.close()


@pytest.mark.parametrize(
    "sentence",
    [
        "UPDATE log_events SET topic = 'tests.JarShut'",
        "UPDATE log_events SET state = state WHERE false",
        "DELETE FROM log_events",
        "TRUNCATE log_events",
    ],
)
def test_history_is_only_added_to(sentence: str) -> None:
    add(jar_id=new_id())
    before = stored()

    with connections["default"].cursor() as cursor, pytest.raises(Exception, match="append only"):
        cursor.execute(sentence)

    assert stored() == before


def test_a_page_of_a_room_has_what_was_asked_for() -> None:
    room = new_id()
    for _ in range(5):
        add(jar_id=new_id(), room=room)
    add(jar_id=new_id(), room=new_id())

    assert [r.seq for r in event_log().read_room(room, after=1, until=4, limit=2)] == [2, 3]
    assert [r.seq for r in event_log().history(room)] == [1, 2, 3, 4, 5]
    assert [r.seq for r in event_log().history(room, until=2)] == [1, 2]
    assert event_log().recorder.last_seq(new_id()) == 0


def test_what_is_appended_must_say_for_which_command() -> None:
    with pytest.raises(NotImplementedError):
        event_log().recorder.insert_events([])
    assert stored() == []


def test_a_closed_room_takes_nothing_more_from_anybody() -> None:
    room = new_id()
    shut(jar_id=new_id(), room=room)

    jar = Jar(new_id(), room)
    jar.add("red")
    with pytest.raises(Exception, match="closed meanwhile"):
        event_log().append(jar)

    assert [type(r.event) for r in stored()] == [JarShut]


def append_by_hand(writer: psycopg.Connection, jar_id: UUID) -> None:
    """Call the append function inside an open transaction, as a slow process would."""
    jar = Jar(jar_id)
    jar.add("red")
    event = event_log().mapper.to_stored_event(jar.pending_events[0])
    answer = Answer(new_id(), b"", jar_id, 1)
    writer.execute(CALL, as_arguments([Append([event], None, False, False, [answer])]))
