"""Lists over REST: pages, filters, and what is in none of them."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from rooms import commands
from rooms.domain.room import Room
from spaces_project.kernel.ids import new_id, public
from tests.api.scenes import Caller, Evening, acc, said
from tests.projections.scenes import catch_up, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def pages(caller: Caller, line: str) -> list[list[dict[str, Any]]]:
    """Follow ``next`` to the end; return every page."""
    found = []
    while line:
        page = caller.ask(line).json()
        assert set(page) == {"next", "previous", "results"}
        found.append(page["results"])
        line = f"GET {page['next'].split('/api/v1/')[1]}" if page["next"] else ""
    return found


def test_rooms_come_in_pages_the_newest_first() -> None:
    ana = someone("ana")
    rooms = [public("room", live_room(ana)) for _ in range(5)]
    see()
    found = pages(Caller(ana), "GET rooms?state=live&limit=2")

    assert [[room["id"] for room in page] for page in found] == [
        [rooms[4], rooms[3]], [rooms[2], rooms[1]], [rooms[0]],
    ]  # fmt: skip


def test_a_page_leads_back() -> None:
    ana = someone("ana")
    for _ in range(3):
        live_room(ana)
    see()
    caller = Caller(ana)
    first = caller.ask("GET rooms?limit=2").json()
    second = caller.ask(f"GET {first['next'].split('/api/v1/')[1]}").json()
    back = caller.ask(f"GET {second['previous'].split('/api/v1/')[1]}").json()

    assert first["previous"] is None
    assert set(parse_qs(urlsplit(first["next"]).query)) == {"cursor", "limit"}
    assert back["results"] == first["results"]


def test_pages_stay_as_they_are_while_rooms_are_opened() -> None:
    ana = someone("ana")
    rooms = [public("room", live_room(ana)) for _ in range(4)]
    see()
    caller = Caller(ana)
    first = caller.ask("GET rooms?limit=2").json()
    live_room(ana)
    see()
    second = caller.ask(f"GET {first['next'].split('/api/v1/')[1]}").json()

    assert [room["id"] for room in second["results"]] == [rooms[1], rooms[0]]


def test_a_list_shows_stage_and_count_but_not_who_listens() -> None:
    evening = Evening()
    (room,) = evening.stranger.ask("GET rooms").json()["results"]

    assert room["participant_count"] == 2
    assert [seat["name"] for seat in room["seats"]] != ["", ""]
    assert {"hands", "listeners", "viewer"} & set(room) == set()


def test_rooms_are_found_by_state_and_host() -> None:
    ana, bo = someone("ana"), someone("bob")
    live, over = live_room(ana), live_room(ana)
    commands.end(room_id=over, by=ana)
    planned = commands.open_room(host_id=bo, title="Later").entity_id
    see()
    caller = Caller(ana)

    def ids(query: str) -> set[str]:
        return {room["id"] for room in caller.ask(f"GET rooms{query}").json()["results"]}

    assert ids("?state=live") == {public("room", live)}
    assert ids("?state=ended") == {public("room", over)}
    assert ids("?state=scheduled") == {public("room", planned)}
    assert ids(f"?host_id={acc(bo)}") == {public("room", planned)}
    assert ids(f"?host_id={acc(uuid4())}") == set()
    assert len(ids("")) == 3


@pytest.mark.parametrize(
    "query",
    [
        "state=open", "limit=0", "limit=101", "limit=ten", "limit=-1", "limit=", "colour=blue",
        "cursor=cD1ub3RhdXVpZA==", "limit=" + "9" * 5000,
        "limit=%D9%A3", "cursor=cD0lMDA=",
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_meant_is_refused(query: str) -> None:
    caller = Caller(someone("ana"))

    assert said(caller.ask(f"GET rooms?{query}")) == (400, "invalid-request")


@pytest.mark.parametrize(
    ("place", "query"),
    [
        ("", "colour=blue"), ("/hands", "limit=101"), ("/hands", "state=live"),
        ("/participants", "state=live"),
        ("/participants", "limit=101"), ("/participants", "cursor=cD1ub3RhdGltZQ=="),
        ("/events", "before=3"), ("/events", "after=-1"), ("/events", "limit=1001"),
        ("/events", "wait=26"), ("/events", "after=" + "9" * 5000), ("/events", "limit=0"),
    ],
)  # fmt: skip
def test_unknown_and_wrong_parameters_of_a_room_are_refused(place: str, query: str) -> None:
    evening = Evening()

    assert said(evening.listener.ask(f"GET {evening.path}{place}?{query}")) == (
        400, "invalid-request",
    )  # fmt: skip


def test_at_the_limit_a_page_is_given() -> None:
    evening = Evening()

    assert evening.listener.ask("GET rooms?limit=100").status_code == 200
    assert evening.listener.ask(f"GET {evening.path}/events?limit=1000").status_code == 200


def test_who_is_blocked_sees_no_entry_and_no_room() -> None:
    evening = Evening()
    another = live_room(evening.ana)
    catch_up()

    assert evening.blocked.ask("GET rooms").json()["results"] == []
    assert evening.blocked.ask(f"GET rooms?host_id={acc(evening.ana)}").json()["results"] == []
    for room in (evening.id, public("room", another), public("room", new_id())):
        assert said(evening.blocked.ask(f"GET rooms/{room}")) == (404, "room-not-found")
    assert len(evening.stranger.ask("GET rooms").json()["results"]) == 2


def test_participants_come_in_pages_in_the_order_of_coming_in() -> None:
    ana = someone("ana")
    guests = [someone(f"guest_{n}") for n in range(5)]
    room = live_room(ana, *guests)
    commands.promote_speaker(room_id=room, account_id=guests[1], by=ana)
    see()
    found = pages(Caller(ana), f"GET rooms/{public('room', room)}/participants?limit=2")
    shown = [person for page in found for person in page]

    assert [len(page) for page in found] == [2, 2, 1]
    assert {person["account_id"] for person in shown} == {acc(guest) for guest in guests}
    assert [p["joined_at"] for p in shown] == sorted(p["joined_at"] for p in shown)
    assert [p["account_id"] for p in shown if p["on_stage"]] == [acc(guests[1])]
    assert set(shown[0]) == {"account_id", "name", "handle", "role", "joined_at", "on_stage"}
    assert [p["role"] for p in shown].count("speaker") == 1


@pytest.mark.parametrize(
    "identifier",
    ["room_nonsense", "nonsense", "acc_01h455vb4pex5vsknk084sn02q", "%00", "room_" + "z" * 26,
     "room_01H455VB4PEX5VSKNK084SN02Q"],
)  # fmt: skip
def test_a_malformed_identifier_is_not_there(identifier: str) -> None:
    caller = Caller(someone("ana"))
    someone_else = acc(uuid4())
    for line in (
        f"GET rooms/{identifier}", f"PATCH rooms/{identifier}", f"POST rooms/{identifier}/join",
        f"DELETE rooms/{identifier}/hands/me", f"PUT rooms/{identifier}/muted/{someone_else}",
        f"GET rooms/{identifier}/events", f"GET rooms/{identifier}/participants",
    ):  # fmt: skip
        assert said(caller.ask(line))[0] == 404, line


@pytest.mark.parametrize("place", ["hands", "speakers", "muted", "removed", "blocked"])
def test_a_malformed_account_is_not_there(place: str) -> None:
    evening = Evening()
    method = "DELETE" if place == "hands" else "PUT"
    for whom in ("nobody", evening.id, "acc_", "Me"):
        assert said(evening.host.ask(f"{method} {evening.path}/{place}/{whom}"))[0] == 404


def test_asking_for_a_room_that_is_not_there_makes_no_key() -> None:
    from spaces_project.kernel.keys.store import NoSuchKey, key_store  # noqa: PLC0415

    caller, nowhere = Caller(someone("ana")), new_id()
    room = public("room", nowhere)
    for line in (f"POST rooms/{room}/join", f"POST rooms/{room}/leave", f"GET rooms/{room}"):
        assert said(caller.ask(line)) == (404, "room-not-found")

    with pytest.raises(NoSuchKey):
        key_store().for_reading(nowhere)
    assert Room(nowhere).state is None
