"""The search and the look-ups: what is found, in which order, and what nobody is shown."""

from uuid import UUID

import pytest

from accounts import commands as accounts
from rooms import commands
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.ids import new_id, public
from tests.api.scenes import Caller, acc, said
from tests.api.test_lists import pages
from tests.projections.scenes import catch_up, give_seat, live_room, see, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def named(handle: str, name: str) -> UUID:
    account_id = someone(handle)
    accounts.change_profile(account_id=account_id, name=name)
    return account_id


def found(caller: Caller, query: str) -> list[str]:
    return [room["title"] for room in caller.ask(f"GET rooms?{query}").json()["results"]]


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("night", ["Night trains", "Night owls"]),
        ("NIGHT tr", ["Night trains"]),
        ("trains night", ["Night trains"]),
        ("ight", []),
        ("cafe", ["Über Café"]),
        ("CAFÉ uber", ["Über Café"]),
        ("bees", ["Night owls"]),
        ("jose", ["Night trains"]),
        ("jose owls", []),
        ("jose trains", ["Night trains"]),
        ("adl", ["Über Café"]),
        ("jo_adler", ["Über Café"]),
        ("茶", ["茶会"]),
        ("%", []),
        ("' | !night:* & (", ["Night trains", "Night owls"]),
        ("strasse", ["Große Straße"]),
    ],
)
def test_rooms_are_found_by_how_words_begin(question: str, titles: list[str]) -> None:
    jose, jo = named("carver", "José Álvarez"), someone("jo_adler")
    kim = someone("kimkim")
    for title in ("Große Straße", "茶会"):
        live_room(kim, title=title)
    live_room(jo, title="Über Café")
    live_room(kim, title="Night owls", topic_ids=["bees"])
    live_room(jose, title="Night trains")
    see()

    response = Caller(jo).ask("GET rooms", None) if not question else None
    assert response is None
    caller = Caller(jo)
    results = caller.client.get("/api/v1/rooms", {"query": question}).json()["results"]
    assert [room["title"] for room in results] == titles


def test_live_rooms_come_first_then_scheduled_then_ended_ones() -> None:
    ana = someone("ana")
    for title in ("Tea 1", "Tea 2"):
        commands.open_room(host_id=ana, title=title)
    over = live_room(ana, title="Tea 3")
    live_room(ana, title="Tea 4")
    live_room(ana, title="Tea 5")
    commands.end(room_id=over, by=ana)
    see()
    caller = Caller(ana)

    assert found(caller, "query=tea") == ["Tea 5", "Tea 4", "Tea 2", "Tea 1", "Tea 3"]
    assert [
        [room["title"] for room in page] for page in pages(caller, "GET rooms?query=tea&limit=2")
    ] == [["Tea 5", "Tea 4"], ["Tea 2", "Tea 1"], ["Tea 3"]]
    assert found(caller, "query=tea&state=live") == ["Tea 5", "Tea 4"]


def test_a_new_title_and_a_new_name_are_found_and_the_old_ones_not() -> None:
    ana = named("carver", "Ana")
    room = live_room(ana, title="Tea")
    commands.change_card(room_id=room, by=ana, title="Coffee", topic_ids=["beans"])
    accounts.change_profile(account_id=ana, name="Zoe")
    see()
    caller = Caller(someone("bob"))

    assert [found(caller, f"query={word}") for word in ("coffee", "beans", "zoe")] == [
        ["Coffee"], ["Coffee"], ["Coffee"],
    ]  # fmt: skip
    assert [found(caller, f"query={word}") for word in ("tea", "ana")] == [[], []]


def test_rooms_are_looked_up_by_up_to_100_ids_and_creators() -> None:
    ana, bo = someone("ana"), someone("bob")
    rooms = [live_room(ana, title=f"Room {n}") for n in range(25)]
    live_room(bo, title="Bo's")
    see()
    caller = Caller(bo)
    ids = ",".join(public("room", room) for room in [*rooms, new_id()])

    assert len(found(caller, f"ids={ids}")) == 25
    assert len(found(caller, f"ids={ids}&limit=5")) == 5
    assert found(caller, f"creator_ids={acc(bo)},{acc(new_id())}") == ["Bo's"]
    assert len(found(caller, f"creator_ids={acc(bo)},{acc(ana)}")) == 26
    assert found(caller, "ids=room_nonsense") == []


def test_who_opened_a_room_is_found_after_it_was_handed_over() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo, title="Tea")
    give_seat(room, bo, by=ana)
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    see()
    caller = Caller(bo)

    assert found(caller, f"creator_ids={acc(ana)}") == ["Tea"]
    assert found(caller, f"creator_ids={acc(bo)}") == []
    assert found(caller, f"host_id={acc(bo)}") == ["Tea"]
    assert found(caller, f"host_id={acc(ana)}") == []


def test_rooms_are_found_by_topic_and_by_who_is_followed() -> None:
    ana, bo = someone("ana"), someone("bob")
    live_room(ana, title="One", topic_ids=["bees", "tea"])
    live_room(bo, title="Two", topic_ids=["bees"])
    accounts.follow(follower_id=bo, followee_id=ana)
    see()
    caller = Caller(bo)

    assert found(caller, "topic=bees") == ["Two", "One"]
    assert found(caller, "topic=tea") == ["One"]
    assert found(caller, "topic=be") == []
    assert found(caller, "followed=true") == ["One"]
    assert found(caller, "followed=true&topic=coffee") == []


@pytest.mark.parametrize("state", ["scheduled", "live", "ended"])
def test_a_private_room_is_shown_to_those_it_is_for_and_to_nobody_else(state: str) -> None:
    ana, bo, cy, flo = (someone(handle) for handle in ("ana", "bob", "cyd", "flora"))
    room = commands.open_room(
        host_id=ana, title="Tea", audience_policy=AudiencePolicy.INVITED
    ).entity_id
    commands.invite(room_id=room, account_ids=[bo, cy], by=ana)
    if state != "scheduled":
        commands.start(room_id=room, by=ana)
        commands.join(room_id=room, account_id=bo)
    if state == "ended":
        commands.end(room_id=room, by=ana)
    see()
    lines = ("", "query=tea", f"ids={public('room', room)}", f"creator_ids={acc(ana)}")

    # Who was invited and never came has nothing to come back to when it is over.
    knows = {ana: True, bo: True, cy: state != "ended", flo: False}
    for who, seen in knows.items():
        for line in lines:
            assert found(Caller(who), line) == (["Tea"] if seen else []), line


@pytest.mark.parametrize("policy", [AudiencePolicy.FOLLOWERS, AudiencePolicy.TICKET])
def test_a_room_for_followers_or_with_tickets_is_listed_and_says_so(
    policy: AudiencePolicy,
) -> None:
    ana = someone("ana")
    live_room(ana, title="Tea", audience_policy=policy)
    see()
    (room,) = Caller(someone("bob")).ask("GET rooms?query=tea").json()["results"]

    assert room["audience_policy"] == policy
    assert {"hands", "listeners"} & set(room) == set()


def test_whom_the_host_blocked_finds_the_room_in_no_list() -> None:
    ana, ed = someone("ana"), someone("edgar")
    room = live_room(ana, title="Tea", topic_ids=["bees"])
    accounts.block(blocker_id=ana, blocked_id=ed)
    catch_up()
    for line in (
        "", "query=tea", "query=ana", "topic=bees", f"ids={public('room', room)}", "state=live",
        f"creator_ids={acc(ana)}", f"host_id={acc(ana)}",
    ):  # fmt: skip
        assert found(Caller(ed), line) == [], line
        assert found(Caller(ana), line) == ["Tea"], line


@pytest.mark.parametrize(
    "query",
    [
        "ids=", "ids=,", "creator_ids=", "followed=false", "followed=1", "query=", "topic=",
        "query=" + "x" * 201, "topic=a%00b", "query=a%00b", "state=open",
        "ids=" + ",".join(["room_x"] * 101), "creator_ids=" + ",".join(["acc_x"] * 101),
    ],
)  # fmt: skip
def test_a_look_up_that_cannot_be_meant_is_refused(query: str) -> None:
    assert said(Caller(someone("ana")).ask(f"GET rooms?{query}")) == (400, "invalid-request")
