"""Guests in rooms: they listen and react; what takes a name waits for one."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from pytest_django import Settings

from accounts import commands as accounts
from rooms import commands, queries
from rooms.domain.words import AudiencePolicy
from spaces_project.kernel.ids import public
from tests.api.scenes import Caller, acc, said
from tests.projections.scenes import live_room, see, see_people, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@dataclass
class Visit:
    """Ana hosts; a guest is inside."""

    ana: UUID
    guest: UUID
    room: UUID

    @property
    def path(self) -> str:
        """Where the room is."""
        return f"rooms/{public('room', self.room)}"


@pytest.fixture
def visit() -> Visit:
    ana, guest = someone("ana"), accounts.register_guest().entity_id
    see_people()
    return Visit(ana, guest, live_room(ana, guest))


def test_a_guest_listens_reacts_and_leaves(visit: Visit) -> None:
    asking = Caller(visit.guest)
    see()
    shown = Caller(visit.ana).ask(f"GET {visit.path}/participants").json()["results"][-1]

    assert (shown["name"], shown["role"]) == ("Guest", "listener")
    assert asking.ask(f"POST {visit.path}/reactions", {"emoji": "👏"}).status_code == 202
    assert asking.ask(f"POST {visit.path}/leave").json()["present"] is False


def test_what_takes_a_name_is_refused_and_recorded_nowhere(visit: Visit) -> None:
    commands.invite_to_speak(room_id=visit.room, account_id=visit.guest, by=visit.ana)
    before = topics(visit.room)
    guest, host = Caller(visit.guest), Caller(visit.ana)
    refused = [
        guest.ask(f"POST {visit.path}/hands"),
        guest.ask(f"POST {visit.path}/invitations/accept"),
        guest.ask("POST rooms", {"title": "Tea"}),
        host.ask(f"PUT {visit.path}/speakers/{acc(visit.guest)}"),
        host.ask(f"POST {visit.path}/invitations", {"account_ids": [acc(visit.guest)]}),
    ]

    assert {said(each) for each in refused} == {(403, "name-needed")}
    assert refused[3].json()["account_id"] == acc(visit.guest)
    assert topics(visit.room) == before


def test_the_offer_of_a_seat_opens_no_closed_door_to_a_guest(visit: Visit) -> None:
    commands.change_policies(
        room_id=visit.room, by=visit.ana, audience_policy=AudiencePolicy.INVITED
    )
    outside = accounts.register_guest().entity_id
    wish = {"account_ids": [acc(outside)], "to": "speak"}
    refused = Caller(visit.ana).ask(f"POST {visit.path}/invitations", wish)

    assert said(refused) == (403, "name-needed")
    assert refused.json()["account_id"] == acc(outside)
    assert said(Caller(outside).ask(f"POST {visit.path}/join")) == (403, "invited-only")
    wish = {"account_ids": [acc(visit.guest)], "to": "speak"}
    assert Caller(visit.ana).ask(f"POST {visit.path}/invitations", wish).status_code == 200


def test_with_a_name_the_hand_goes_up_in_the_same_room(visit: Visit) -> None:
    guest = Caller(visit.guest)
    wish = {"handle": "dee", "name": "Dee", "password": "a long made up sentence"}
    assert guest.ask("PUT accounts/me/name", wish).status_code == 200
    assert guest.ask(f"POST {visit.path}/hands").status_code == 200
    see()
    hands = Caller(visit.ana).ask(f"GET {visit.path}/hands").json()["results"]

    assert [(hand["name"], hand["handle"]) for hand in hands] == [("Dee", "dee")]
    assert queries.stage_now(visit.room).seats.keys() == {visit.ana}


def test_a_guest_is_put_out_and_blocked_like_anybody(visit: Visit) -> None:
    other = accounts.register_guest().entity_id
    commands.join(room_id=visit.room, account_id=other)
    host = Caller(visit.ana)
    assert host.ask(f"PUT {visit.path}/removed/{acc(visit.guest)}").status_code == 200
    assert host.ask(f"PUT {visit.path}/blocked/{acc(other)}").status_code == 200

    assert said(Caller(visit.guest).ask(f"POST {visit.path}/join")) == (403, "removed-from-room")


def test_a_webhook_is_nobodys_who_has_no_name(visit: Visit) -> None:
    guest = Caller(visit.guest, frozenset({"guest"}))

    assert said(guest.ask("GET webhook-endpoints")) == (403, "name-needed")


def test_the_door_of_a_public_room_tells_everybody_what_it_is(visit: Visit) -> None:
    see()
    shown = Caller(None).ask(f"GET {visit.path}/door").json()

    assert (shown["title"], shown["host"]["name"], shown["participant_count"]) == ("Tea", "Ana", 1)
    assert [person["name"] for person in shown["on_stage"]] == ["Ana"]
    assert "description" not in shown


@pytest.mark.parametrize("policy", sorted(set(AudiencePolicy) - {AudiencePolicy.PUBLIC}))
def test_the_door_of_any_other_room_is_not_there(visit: Visit, policy: AudiencePolicy) -> None:
    commands.change_policies(room_id=visit.room, by=visit.ana, audience_policy=policy)
    see()

    assert said(Caller(None).ask(f"GET {visit.path}/door")) == (404, "room-not-found")
    assert said(Caller(visit.ana).ask(f"GET {visit.path}/door")) == (404, "room-not-found")


def test_without_guests_no_door_is_shown(visit: Visit, settings: Settings) -> None:
    settings.GUESTS = False

    assert said(Caller(None).ask(f"GET {visit.path}/door")) == (401, "not-authenticated")
