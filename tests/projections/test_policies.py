"""Blocking reaches from a room to the accounts, and from the accounts to every open room."""

from typing import Any
from uuid import UUID

import pytest

from accounts import commands as accounts
from accounts import queries as people
from rooms import commands, queries
from rooms.domain.errors import RoomNotFound
from rooms.domain.events import ParticipantBlocked
from rooms.policies import BlockEverywhere, LetBackTheUnblocked, PutOutTheBlocked
from spaces_project.kernel.following.positions import let_react_again
from spaces_project.kernel.following.reactions import react
from spaces_project.kernel.refusals import Refusal, StorageUnavailable
from tests.projections.scenes import (
    catch_up,
    clock_ahead,
    give_seat,
    history,
    live_room,
    see,
    someone,
    topics,
)

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def inside(room: UUID) -> set[UUID]:
    """Return who is in a room or on its stage, by the log."""
    stage = queries.stage_now(room)
    return {*stage.present, *stage.seats}


def carried_over(room: UUID) -> list[bool]:
    """Return of each block in a room whether it came from elsewhere."""
    blocks = [r.event for r in history(room) if isinstance(r.event, ParticipantBlocked)]
    return [happened.carried_over for happened in blocks]


def test_whom_a_host_blocks_leaves_all_of_the_hosts_open_rooms() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    one, two, others = live_room(ana, bo, cy), live_room(ana, bo), live_room(cy, bo)
    give_seat(two, bo, by=ana)
    over = live_room(ana, bo)
    commands.end(room_id=over, by=ana)
    accounts.block(blocker_id=ana, blocked_id=bo)
    catch_up()

    assert (inside(one), inside(two), inside(others)) == ({ana, cy}, {ana}, {cy, bo})
    assert topics(two)[-4:] == ["SpeakerDemoted", "Unseated", "Left", "ParticipantBlocked"]
    assert topics(over)[-1] == "RoomEnded"
    with pytest.raises(RoomNotFound):
        queries.room(one, bo)
    for room in (one, two):
        with pytest.raises(Refusal):
            commands.join(room_id=room, account_id=bo)


def test_who_was_blocked_before_does_not_come_in() -> None:
    ana, bo = someone("ana"), someone("bob")
    accounts.block(blocker_id=ana, blocked_id=bo)
    catch_up()
    room = live_room(ana)
    with pytest.raises(RoomNotFound):
        commands.join(room_id=room, account_id=bo)

    assert inside(room) == {ana}


def test_a_block_in_a_room_is_a_block_everywhere() -> None:
    ana, bo = someone("ana"), someone("bob")
    one, two = live_room(ana, bo), live_room(ana, bo)
    commands.block(room_id=one, account_id=bo, by=ana)
    catch_up()

    assert people.has_blocked(ana, bo)
    assert (inside(one), inside(two)) == ({ana}, {ana})
    assert (carried_over(one), carried_over(two)) == ([False], [True])


def test_an_unblock_in_a_room_is_an_unblock_everywhere() -> None:
    ana, bo = someone("ana"), someone("bob")
    one, two, new = live_room(ana, bo), live_room(ana, bo), live_room(ana)
    commands.block(room_id=one, account_id=bo, by=ana)
    catch_up()
    commands.unblock(room_id=new, account_id=bo, by=ana)  # where nobody was put out
    catch_up()

    assert not people.has_blocked(ana, bo)
    for room in (one, two, new):
        commands.join(room_id=room, account_id=bo)
    assert [topics(room).count("ParticipantUnblocked") for room in (one, two, new)] == [1, 1, 1]


def test_a_block_that_is_taken_back_before_it_was_carried_over_leaves_none() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    commands.block(room_id=room, account_id=bo, by=ana)
    commands.unblock(room_id=room, account_id=bo, by=ana)
    catch_up()

    assert not people.has_blocked(ana, bo)
    commands.join(room_id=room, account_id=bo)


def test_whom_somebody_else_blocks_stays() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    room = live_room(ana, bo, cy)
    accounts.block(blocker_id=cy, blocked_id=bo)
    accounts.block(blocker_id=bo, blocked_id=ana)
    catch_up()

    assert inside(room) == {ana, bo, cy}


def test_policies_that_run_again_ask_for_nothing_more() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    accounts.block(blocker_id=ana, blocked_id=bo)
    catch_up()
    before = topics(room)
    for policy in (BlockEverywhere(), PutOutTheBlocked(), LetBackTheUnblocked()):
        let_react_again(policy, 0)
        react(policy)
    catch_up()

    assert topics(room) == before


def test_a_policy_that_stops_between_two_rooms_goes_on_with_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo = someone("ana"), someone("bob")
    rooms = [live_room(ana, bo), live_room(ana, bo), live_room(ana, bo)]
    accounts.block(blocker_id=ana, blocked_id=bo)
    see()
    real, asked = commands.block, 0

    def dies_at_the_second(**facts: Any) -> object:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise StorageUnavailable
        return real(**facts)

    monkeypatch.setattr(commands, "block", dies_at_the_second)
    with pytest.raises(StorageUnavailable):
        react(PutOutTheBlocked())
    catch_up()

    assert [inside(room) for room in rooms] == [{ana}, {ana}, {ana}]


def test_after_a_hand_over_the_blocks_of_the_new_host_count() -> None:
    ana, bo, cy, di = someone("ana"), someone("bob"), someone("cyd"), someone("dia")
    room = live_room(ana, ana, bo, cy, di)
    give_seat(room, bo, by=ana)
    give_seat(room, cy, by=ana)
    accounts.block(blocker_id=bo, blocked_id=cy)
    catch_up()
    assert inside(room) == {ana, bo, cy, di}
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    catch_up()

    assert inside(room) == {ana, bo, di}
    assert carried_over(room) == [True]
    with pytest.raises(RoomNotFound):
        commands.join(room_id=room, account_id=cy)


def test_a_block_by_somebody_who_hosts_no_more_stops_no_policy() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    room = live_room(ana, ana, bo, cy)
    give_seat(room, bo, by=ana)
    see()
    commands.hand_over(room_id=room, account_id=bo, by=ana)
    accounts.block(blocker_id=ana, blocked_id=cy)
    catch_up()

    assert inside(room) == {ana, bo, cy}
    assert carried_over(room) == []


def test_a_cohost_who_comes_back_takes_over_from_a_host_who_did_not() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, ana, bo)
    catch_up()  # a policy looks forward from when it is first asked
    give_seat(room, bo, by=ana)
    commands.appoint_cohost(room_id=room, account_id=bo, by=ana)
    with clock_ahead(seconds=100):
        commands.drop(room_id=room, account_id=bo)
    commands.leave(room_id=room, account_id=ana)
    with clock_ahead(seconds=121):
        commands.succeed_host(room_id=room)
        assert queries.stage_now(room).host_id == ana
        commands.join(room_id=room, account_id=bo)
        catch_up()
    stage = queries.stage_now(room)

    assert (stage.host_id, list(stage.seats)) == (bo, [bo])
