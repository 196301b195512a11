"""A block, its lifting and a join at the same time: who is blocked is out, who is not comes in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from accounts import commands as accounts
from accounts import queries as people
from rooms import commands, queries
from rooms.domain.errors import RoomNotFound
from rooms.policies import BlockEverywhere, LetBackTheUnblocked, PutOutTheBlocked
from spaces_project.kernel.following import waiting
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.log.grounds import Grounds
from spaces_project.kernel.refusals import NotFound, ProjectionBehind, Refusal
from tests.projections.scenes import catch_up, give_seat, live_room, see, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for the views."""
    monkeypatch.setattr(waiting, "LONGEST_WAIT_S", 0.05)


def inside(room: UUID) -> set[UUID]:
    """Return who is in a room or on its stage, by the log."""
    stage = queries.stage_now(room)
    return {*stage.present, *stage.seats}


def block(host: UUID, whom: UUID) -> None:
    accounts.block(blocker_id=host, blocked_id=whom)


def unblock(host: UUID, whom: UUID) -> None:
    accounts.unblock(blocker_id=host, blocked_id=whom)


@pytest.mark.usefixtures("short_waits")
def test_a_room_that_the_views_do_not_know_yet_is_waited_for() -> None:
    ana, bo = someone("ana"), someone("bob")
    catch_up()
    room = live_room(ana, bo)
    give_seat(room, bo, by=ana)
    block(ana, bo)
    with pytest.raises(ProjectionBehind):
        react(PutOutTheBlocked())
    assert inside(room) == {ana, bo}
    catch_up()

    assert inside(room) == {ana}
    assert topics(room)[-4:] == ["SpeakerDemoted", "Unseated", "Left", "ParticipantBlocked"]


def test_a_block_counts_before_the_views_know_of_it() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    catch_up()
    block(ana, bo)
    with pytest.raises(RoomNotFound):
        commands.join(room_id=room, account_id=bo)
    unblock(ana, bo)
    commands.join(room_id=room, account_id=bo)

    assert inside(room) == {ana, bo}


@pytest.fixture
def blocked_while_coming_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every block be there a moment after it was asked for, and every reaction to it done."""
    real: Callable[..., bool] = people.has_blocked_now

    def then_blocked(host: UUID, whom: UUID) -> bool:
        known = real(host, whom)
        monkeypatch.setattr(people, "has_blocked_now", real)
        block(host, whom)
        catch_up()
        return known

    monkeypatch.setattr(people, "has_blocked_now", then_blocked)


@pytest.mark.usefixtures("blocked_while_coming_in")
def test_who_is_blocked_while_coming_in_stays_outside() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    catch_up()
    with pytest.raises(RoomNotFound):
        commands.join(room_id=room, account_id=bo)

    assert inside(room) == {ana}


@pytest.mark.usefixtures("blocked_while_coming_in")
def test_who_comes_in_behind_the_reaction_to_a_block_is_put_out_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The log looks at streams of no room of the append's a moment before it stores.
    monkeypatch.setattr(Grounds, "unchanged_beside", lambda *_: ())
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    catch_up()
    commands.join(room_id=room, account_id=bo)
    assert inside(room) == {ana, bo}
    catch_up()

    assert inside(room) == {ana}
    assert topics(room)[-3:] == ["Joined", "Left", "ParticipantBlocked"]


def test_a_join_is_no_reason_to_put_anybody_out() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    block(cy, bo)
    room = live_room(ana, bo, cy)
    catch_up()

    assert inside(room) == {ana, bo, cy}
    assert "ParticipantBlocked" not in topics(room)


def test_who_is_blocked_and_unblocked_at_once_stays() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    block(ana, bo)
    unblock(ana, bo)
    catch_up()

    assert inside(room) == {ana, bo}
    assert "ParticipantBlocked" not in topics(room)
    assert not people.has_blocked(ana, bo)


def test_a_block_that_was_carried_over_blocks_no_second_time() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    block(ana, bo)
    see()
    react(PutOutTheBlocked())
    unblock(ana, bo)
    see()
    react(LetBackTheUnblocked())
    react(BlockEverywhere())
    catch_up()

    assert topics(room)[-2:] == ["ParticipantBlocked", "ParticipantUnblocked"]
    assert not people.has_blocked(ana, bo)


def test_who_is_unblocked_comes_into_the_open_rooms_again() -> None:
    ana, bo = someone("ana"), someone("bob")
    one, two, over = live_room(ana, bo), live_room(ana), live_room(ana, bo)
    block(ana, bo)
    catch_up()
    commands.end(room_id=over, by=ana)
    for room in (one, two):
        with pytest.raises(RoomNotFound):
            commands.join(room_id=room, account_id=bo)
    unblock(ana, bo)
    catch_up()
    for room in (one, two):
        commands.join(room_id=room, account_id=bo)
        assert queries.room(room, bo)[1].blocked is False

    assert (inside(one), inside(two)) == ({ana, bo}, {ana, bo})
    assert topics(over)[-1] == "RoomEnded"


def test_who_was_removed_and_is_unblocked_stays_out() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    commands.remove(room_id=room, account_id=bo, by=ana)
    commands.block(room_id=room, account_id=bo, by=ana)
    catch_up()
    unblock(ana, bo)
    catch_up()
    with pytest.raises(Refusal) as no:
        commands.join(room_id=room, account_id=bo)

    assert no.value.code == "removed-from-room"


def test_a_block_that_is_lifted_while_it_is_carried_over_does_not_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    block(ana, bo)
    see()
    real = commands.block

    def slowly(**facts: Any) -> object:
        """Block after the block was lifted and everybody was let back."""
        unblock(ana, bo)
        see()
        react(LetBackTheUnblocked())
        return real(**facts)

    monkeypatch.setattr(commands, "block", slowly)
    react(PutOutTheBlocked())
    catch_up()
    commands.join(room_id=room, account_id=bo)

    assert inside(room) == {ana, bo}


@pytest.mark.usefixtures("short_waits")
def test_who_is_unblocked_comes_into_a_room_that_the_views_did_not_know() -> None:
    ana, bo = someone("ana"), someone("bob")
    catch_up()
    room = live_room(ana, bo)
    commands.block(room_id=room, account_id=bo, by=ana)
    react(BlockEverywhere())
    unblock(ana, bo)
    with pytest.raises(ProjectionBehind):
        react(LetBackTheUnblocked())
    catch_up()
    commands.join(room_id=room, account_id=bo)

    assert inside(room) == {ana, bo}


def test_who_is_blocked_again_is_not_let_back() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    block(ana, bo)
    catch_up()
    unblock(ana, bo)
    block(ana, bo)
    catch_up()

    assert topics(room)[-1] == "ParticipantBlocked"
    assert queries.stage_now(room).is_put_out(bo)


@pytest.mark.parametrize("ask", [commands.remove, commands.block], ids=["remove", "block"])
def test_an_account_that_does_not_exist_is_not_put_out(ask: Callable[..., object]) -> None:
    ana = someone("ana")
    room = live_room(ana)
    before = topics(room)
    with pytest.raises(NotFound):
        ask(room_id=room, account_id=UUID(int=7), by=ana)

    assert topics(room) == before
