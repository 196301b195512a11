"""Snapshot + events = snapshot: the fold, the log and the tables tell the same room."""

from uuid import UUID

import pytest

from accounts import queries as accounts
from rooms import queries
from rooms.domain.stage import Stage
from rooms.snapshots import render
from rooms.view import RoomView, Viewer
from spaces_project.kernel.log.event_log import event_log
from tests.kernel.evenings import Evening, catch_up

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEEDS = (11, 12, 13)
STEPS = 150
LOOKS = 12


@pytest.mark.parametrize("seed", SEEDS)
def test_a_snapshot_and_the_events_behind_it_are_the_later_snapshot(seed: int) -> None:
    evening = Evening(seed, people=9, rooms_open=2)
    done = evening.go_on(STEPS)
    compared = 0
    for room_id in evening.rooms:
        history = list(event_log().history(room_id))
        for start in range(1, len(history), max(1, len(history) // LOOKS)):
            stage = queries.stage_at(room_id, start)
            for recorded in history[start:]:
                stage.apply(recorded.event, recorded.seq or 0)
            assert shown(stage) == shown(queries.stage_now(room_id))
            compared += 1
        stage = Stage(room_id)
        for recorded in history:
            stage.apply(recorded.event, recorded.seq or 0)
            assert shown(stage) == shown(queries.stage_at(room_id, stage.seq))
            compared += 1
    print(f"seed {seed}: {done} of {STEPS} done, {compared} snapshots compared")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tables_show_the_room_that_the_log_tells(seed: int) -> None:
    evening = Evening(f"tables {seed}", people=9, rooms_open=3)
    evening.go_on(STEPS)
    catch_up()
    different = []
    for room_id in evening.rooms:
        host = evening.hosts[room_id]
        stage = queries.stage_now(room_id)
        view, _, version = queries.room(room_id, host)
        if render(view, None) != shown(stage):
            different.append((render(view, None), shown(stage)))
        assert version == event_log().recorder.select_events(room_id)[-1].originator_version
        for person in evening.people:
            assert view.seq == stage.seq
            if not accounts.has_blocked(host, person):
                seen = render(*queries.room(room_id, person)[:2])["viewer"]["role"]
                assert seen in roles(stage, person)

    assert different == []


def roles(stage: Stage, person: UUID) -> set[str | None]:
    """Return what somebody may be called in a room as the log tells it."""
    if seat := stage.seats.get(person):
        return {seat.role.value}
    if stage.is_put_out(person):
        return {"blocked" if person in stage.blocked else "removed"}
    if person in stage.hands:
        return {"requested"}
    if person in stage.present:
        return {"listener"}
    # An offer of a seat runs out by itself; who looks may do so before or after that.
    if person in stage.invited or person in stage.guests:
        return {"invited"}
    return {"invited", None} if person in stage.speak_invitations else {None}


def shown(stage: Stage) -> dict[str, object]:
    """Return the room object as nobody in particular sees it."""
    return render(RoomView.of_stage(stage), None)


def test_what_a_viewer_may_do_is_what_the_domain_allows_to_ask() -> None:
    evening = Evening("viewer")
    room_id, host = evening.rooms[0], evening.hosts[evening.rooms[0]]
    stage = queries.stage_now(room_id)

    seen = render(RoomView.of_stage(stage), Viewer(host))["viewer"]

    assert seen["role"] == "host"
    assert {"end", "promote", "unmute_self", "speak"} <= set(seen["can"])
