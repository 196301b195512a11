"""Many appends in one call: each whole or not at all, with the places that it would have alone."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.appends import CALL, Answer, Append, Place, as_arguments
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.recorder import LogRecorder
from tests.kernel.jars import as_owner, at_once

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ROUNDS, WRITERS = 100, 4


@pytest.fixture
def recorder() -> LogRecorder:
    return event_log().recorder


def made(
    *streams: UUID, room: UUID | None = None, version: int = 1, closes: bool = False
) -> Append:
    """An append of an event in each stream, with one answer."""
    events = [StoredEvent(stream, version, "tests.MarbleAdded", b"x") for stream in streams]
    answer = Answer(new_id(), b"", streams[-1], version)
    return Append(events, room, needs_open_room=True, closes_room=closes, answers=[answer])


def store(recorder: LogRecorder, *appends: Append) -> list[list[Place] | None]:
    return recorder._writer.store(appends)


def rows() -> Sequence[tuple[object, ...]]:
    with as_owner() as owner:
        return owner.execute(
            "SELECT notification_id, originator_id, room_id, seq FROM log_events ORDER BY 1"
        ).fetchall()


def test_events_stand_in_the_order_in_which_they_came(recorder: LogRecorder) -> None:
    one, two = sorted([new_id(), new_id()])
    # Streams and rooms against their order: they are written in another one than they are counted.
    a, b, c, d = sorted([new_id() for _ in range(4)], reverse=True)

    places = store(recorder, made(a, d, room=two), made(b, room=one), made(c, room=two))

    assert places == [[(2, 2)], [(3, 1)], [(4, 3)]]
    assert rows() == [(1, a, two, 1), (2, d, two, 2), (3, b, one, 1), (4, c, two, 3)]


def test_only_the_group_in_conflict_is_left_out(recorder: LogRecorder) -> None:
    stream, room = new_id(), new_id()
    store(recorder, made(stream, room=room))

    places = store(
        recorder,
        made(new_id(), room=room),
        made(stream, new_id(), room=room),
        made(new_id(), room=room),
    )

    assert places == [[(2, 2)], None, [(3, 3)]]
    assert [row[0] for row in rows()] == [1, 2, 3], "a conflict draws no position"
    assert recorder.last_seq(room) == 3


def test_nothing_lands_behind_the_end_that_another_group_brings(recorder: LogRecorder) -> None:
    room = new_id()

    places = store(
        recorder,
        made(new_id(), room=room),
        made(new_id(), room=room, closes=True),
        made(new_id(), room=room),
    )

    assert places == [[(1, 1)], [(2, 2)], None]
    assert store(recorder, made(new_id(), room=room)) == [None]
    assert recorder.last_seq(room) == 2


def test_an_end_in_conflict_closes_nothing(recorder: LogRecorder) -> None:
    stream, room = new_id(), new_id()
    store(recorder, made(stream, room=room))

    assert store(recorder, made(stream, room=room, closes=True)) == [None]
    assert store(recorder, made(new_id(), room=room)) == [[(2, 2)]]


def test_who_read_a_stream_that_has_gone_on_is_in_conflict(recorder: LogRecorder) -> None:
    read = new_id()
    event = StoredEvent(new_id(), 1, "tests.MarbleAdded", b"x")
    answer = Answer(new_id(), b"", new_id(), 1)
    on_nothing = Append([event], None, False, False, [answer], unchanged=[(read, 0)])
    on_one = Append([event], None, False, False, [answer], unchanged=[(read, 1)])
    recorder.append(made(read))

    with pytest.raises(IntegrityError):
        recorder.append(on_nothing)
    assert recorder.append(on_one)[0].position == 2


def test_several_answers_have_their_own_places_and_receipts(recorder: LogRecorder) -> None:
    sale, room = new_id(), new_id()
    events = [StoredEvent(sale, version, "tests.MarbleAdded", b"x") for version in (1, 2, 3)]
    answers = [Answer(new_id(), b"f", sale, version) for version in (1, 3, 3)]

    receipts = recorder.append(Append(events, room, True, False, answers))

    assert [(r.version, r.position, r.seq) for r in receipts] == [(1, 1, 1), (3, 3, 3), (3, 3, 3)]
    for answer, receipt in zip(answers, receipts, strict=True):
        kept = recorder.receipt(answer.command_id)
        assert kept is not None
        assert (kept.replayed, kept.position, kept.seq) == (True, receipt.position, receipt.seq)


def test_a_replayed_one_among_several_answers_is_a_conflict(recorder: LogRecorder) -> None:
    first = made(new_id())
    recorder.append(first)
    again = made(new_id())
    both = Append(again.stored_events, None, False, False, [*again.answers, *first.answers])

    with pytest.raises(IntegrityError):
        recorder.append(both)

    assert recorder.append(first)[0].replayed
    assert len(rows()) == 1


def test_what_changes_nothing_has_a_receipt_all_the_same(recorder: LogRecorder) -> None:
    room = new_id()
    recorder.append(made(new_id(), room=room))
    nothing = Append([], room, True, False, [Answer(new_id(), b"", new_id(), 7)])

    (receipt,) = recorder.append(nothing)

    assert (receipt.version, receipt.position, receipt.seq) == (7, 1, 1)
    assert recorder.append(nothing)[0].replayed
    assert len(rows()) == 1


def test_no_two_calls_wait_for_each_other_where_rooms_are_new() -> None:
    connections = [psycopg.connect(connection_string(), autocommit=True) for _ in range(WRITERS)]

    def call(writer: int, *rooms: UUID) -> None:
        added = [made(new_id(), room=room) for room in rooms]
        connections[writer].execute(CALL, as_arguments(added))

    for _ in range(ROUNDS):
        new, old = sorted([new_id(), new_id()])
        call(0, old)
        others = [partial(call, writer, new, old) for writer in range(1, WRITERS)]
        assert at_once([partial(call, 0, new), *others]) == [None] * WRITERS
    for connection in connections:
        connection.close()
