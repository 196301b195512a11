"""Every kind of event of a room: the tables, the log and a rebuild tell the same, step by step."""

from typing import Any

import pytest

from rooms import queries
from rooms.domain.events import ParticipationEvent, RoomEvent
from rooms.moments import moment_of, render_moment
from rooms.projections.directory import Directory
from rooms.projections.directory.people import PARTICIPANT_CHANGES
from rooms.projections.directory.stage import ROOM_CHANGES
from rooms.snapshots import render
from spaces_project.kernel.entity import event_classes
from spaces_project.kernel.following.rebuild import rebuild
from tests.kernel.whole_evening import WholeEvening
from tests.projections.scenes import history, rows, see

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def test_every_event_of_a_room_changes_the_directory_or_is_known_to_change_nothing() -> None:
    known = {each for each in event_classes().values() if issubclass(each, RoomEvent)}
    people = {each for each in event_classes().values() if issubclass(each, ParticipationEvent)}

    assert known == set(ROOM_CHANGES)
    assert people == set(PARTICIPANT_CHANGES)


def from_tables(evening: WholeEvening, who: str) -> dict[str, Any]:
    """Return the room object as the tables show it to somebody."""
    see()
    view, viewer, _ = queries.room(evening.room_id, evening.people[who])
    return render(view, viewer)


def from_log(evening: WholeEvening, who: str) -> dict[str, Any]:
    """Return the room object as the log tells it to somebody."""
    stage = queries.stage_now(evening.room_id)
    return render_moment(moment_of(stage, evening.people[who]))


def test_tables_and_log_show_the_same_room_after_every_step() -> None:
    evening, compared = WholeEvening(), 0
    for step in evening.steps():
        step()
        for who in ("ana", "bo", "ed", "flo"):
            shown, told = from_tables(evening, who), from_log(evening, who)
            if "hands" not in shown:
                continue  # put out, or the room is over: shown the door only
            assert shown == told, f"{who} at {told['seq']}"
            compared += 1
    kinds = {type(recorded.event) for recorded in history(evening.room_id)}
    print(f"{len(history(evening.room_id))} events of {len(kinds)} kinds, {compared} compared")

    assert len(kinds) >= 40
    assert compared > 200


def test_a_rebuild_of_a_whole_evening_gives_the_same_rows_to_the_byte() -> None:
    evening = WholeEvening()
    for step in evening.steps():
        step()
        see()  # live: in as many batches as there are steps
    kept = rows()
    rebuild(Directory())

    assert rows() == kept
