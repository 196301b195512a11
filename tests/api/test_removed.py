"""Who was put out of a room, as its leaders read it."""

import pytest

from rooms import commands
from spaces_project.kernel.ids import public
from tests.api.scenes import Caller, Evening, acc, said
from tests.api.test_lists import pages
from tests.projections.scenes import live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_leaders_read_who_was_put_out_by_whom_and_who_may_lift_it(evening: Evening) -> None:
    commands.appoint_cohost(room_id=evening.room_id, account_id=evening.bo, by=evening.ana)
    commands.remove(room_id=evening.room_id, account_id=evening.cy, by=evening.bo)
    see()
    read = f"GET {evening.path}/removed"
    host, cohost = evening.host.ask(read).json(), evening.speaker.ask(read).json()

    shown = host["results"]
    assert [(p["account_id"], p["by"]["account_id"]) for p in shown] == [
        (acc(evening.cy), acc(evening.bo)),
        (acc(evening.di), acc(evening.ana)),
    ]
    assert shown[0]["by"]["name"]
    assert shown[0]["at"] >= shown[1]["at"]
    assert [p["liftable"] for p in shown] == [True, True]
    assert cohost["results"] == [{**p, "liftable": False} for p in shown]


def test_nobody_else_reads_it(evening: Evening) -> None:
    read = f"GET {evening.path}/removed"
    for role in ("listener", "speaker", "stranger"):
        assert said(evening.by_role[role].ask(read)) == (403, "leaders-only"), role
    assert said(evening.removed.ask(read)) == (403, "removed-from-room")
    assert said(evening.blocked.ask(read)) == (404, "room-not-found")


def test_who_is_let_back_stands_there_no_more(evening: Evening) -> None:
    assert evening.host.ask(f"DELETE {evening.path}/removed/{acc(evening.di)}").status_code == 200
    see()

    assert evening.host.ask(f"GET {evening.path}/removed").json()["results"] == []


def test_after_the_end_nothing_is_liftable(evening: Evening) -> None:
    commands.end(room_id=evening.room_id, by=evening.ana)
    see()
    read = f"GET {evening.path}/removed"

    assert [p["liftable"] for p in evening.host.ask(read).json()["results"]] == [False]
    assert said(evening.speaker.ask(read)) == (409, "room-is-over")


def test_the_list_comes_in_pages_the_newest_first() -> None:
    ana, guests = someone("ana"), [someone(f"guest{n}") for n in range(5)]
    room = live_room(ana, *guests)
    for guest in guests:
        commands.remove(room_id=room, account_id=guest, by=ana)
    see()
    found = pages(Caller(ana), f"GET rooms/{public('room', room)}/removed?limit=2")
    shown = [person for page in found for person in page]

    assert [len(page) for page in found] == [2, 2, 1]
    assert {person["account_id"] for person in shown} == {acc(guest) for guest in guests}
    times = [person["at"] for person in shown]
    assert times == sorted(times, reverse=True)
