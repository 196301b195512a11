"""The read model of discovery: small, and the same after a rebuild."""

import pytest

from rooms import commands
from rooms.domain.room import Room
from rooms.models import Invitation, Listing, OnStage
from rooms.projections.discovery import Discovery
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.rebuild import rebuild
from spaces_project.kernel.log.event_log import event_log
from tests.projections.scenes import catch_up, give_seat, live_room, rows, see, see_people, someone
from tests.projections.test_rebuild import some_evening

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def some_invitations(seed: int) -> None:
    """Let an evening pass in which people are invited too, and one room change hands."""
    rooms = some_evening(seed, steps=60)
    guests = [someone(f"guest_{n}") for n in range(4)]
    for room in rooms[1:]:
        host = event_log().load(Room, room).host_id
        commands.invite(room_id=room, account_ids=guests, by=host)
        commands.join(room_id=room, account_id=guests[0])
        commands.invite_to_speak(room_id=room, account_id=guests[1], by=host)
        commands.admit(room_id=room, account_id=guests[2])
        commands.decline_invitation(room_id=room, account_id=guests[3])
        commands.invite_followers(room_id=room, by=host)
        commands.change_card(room_id=room, by=host, title="Étude", topic_ids=["bees", "tea"])
    commands.promote_speaker(room_id=rooms[2], account_id=guests[0], by=host)
    commands.hand_over(room_id=rooms[2], account_id=guests[0], by=host)


def test_a_rebuild_gives_the_same_rows_to_the_byte() -> None:
    some_invitations(seed=11)
    catch_up()
    kept = rows(Discovery.tables)
    assert all(kept.values())

    assert rebuild(Discovery()) == event_log().head()
    assert rows(Discovery.tables) == kept


def test_events_one_by_one_give_the_same_rows_as_all_at_once() -> None:
    some_invitations(seed=12)
    see_people()
    while project(Discovery(), limit=1):
        pass
    kept = rows(Discovery.tables)
    rebuild(Discovery())

    assert rows(Discovery.tables) == kept


def test_what_is_over_leaves_its_row_and_nothing_else() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    room = live_room(ana, bo)
    give_seat(room, bo, by=ana)
    commands.invite(room_id=room, account_ids=[cy], by=ana)
    commands.invite_followers(room_id=room, by=ana)
    see()
    assert (OnStage.objects.count(), Invitation.objects.count()) == (2, 1)

    commands.end(room_id=room, by=ana)
    see()

    assert (OnStage.objects.count(), Invitation.objects.count()) == (0, 0)
    listing = Listing.objects.get()
    assert (listing.state, listing.followers_invited_at) == ("ended", None)
