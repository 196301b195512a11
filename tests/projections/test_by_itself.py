"""What happens to stored rooms by itself: in its time, once, and not when its reason is gone."""

from functools import partial
from uuid import UUID

import pytest

from rooms import commands, queries
from rooms.commands import timers
from rooms.domain.errors import InvitationIsOver, RoomIsFull, RoomNotFound
from rooms.domain.events import RoomEnded
from rooms.domain.rules import Rules
from rooms.domain.words import RoomState
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import EventLog, event_log
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


@pytest.fixture
def people() -> tuple[UUID, UUID, UUID]:
    """Ana, Bo and Cy."""
    return someone("ana"), someone("bob"), someone("cyd")


def ended_because(room: UUID) -> str:
    last = history(room)[-1].event
    assert isinstance(last, RoomEnded)
    return last.reason


def test_a_speaker_who_drops_is_shut_keeps_the_seat_and_comes_back_into_it(
    people: tuple[UUID, UUID, UUID],
) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    give_seat(room, bo, by=ana)
    commands.unmute(room_id=room, account_id=bo, by=bo)
    for _ in range(2):
        commands.drop(room_id=room, account_id=bo)
    assert topics(room)[-2:] == ["SpeakerMuted", "Dropped"]
    for _ in range(2):
        commands.lapse_seat(room_id=room, account_id=bo)
        commands.join(room_id=room, account_id=bo)
    stage = queries.stage_now(room)

    assert topics(room)[-2:] == ["Dropped", "Returned"]
    assert (stage.seats[bo].muted, stage.kept_until) == (True, {})


def test_a_seat_lapses_once(people: tuple[UUID, UUID, UUID]) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    give_seat(room, bo, by=ana)
    commands.drop(room_id=room, account_id=bo)
    with clock_ahead(seconds=60):
        for _ in range(2):
            commands.lapse_seat(room_id=room, account_id=bo)

    assert topics(room)[-3:] == ["Dropped", "SeatLapsed", "Unseated"]


def test_the_first_cohost_who_is_there_takes_over(people: tuple[UUID, UUID, UUID]) -> None:
    ana, bo, cy = people
    room = live_room(ana, *people)
    for cohost in (bo, cy):
        give_seat(room, cohost, by=ana)
        commands.appoint_cohost(room_id=room, account_id=cohost, by=ana)
    commands.drop(room_id=room, account_id=ana)
    commands.drop(room_id=room, account_id=bo)
    commands.succeed_host(room_id=room)
    assert queries.stage_now(room).host_id == ana
    with clock_ahead(seconds=120):
        for _ in range(2):
            commands.succeed_host(room_id=room)
    stage = queries.stage_now(room)

    assert topics(room)[-2:] == ["HostHandedOver", "Unseated"]
    assert (stage.host_id, stage.cohost_ids, ana in stage.seats) == (cy, [bo], False)


def test_nobody_takes_over_from_a_host_who_is_back(people: tuple[UUID, UUID, UUID]) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    give_seat(room, bo, by=ana)
    commands.appoint_cohost(room_id=room, account_id=bo, by=ana)
    commands.leave(room_id=room, account_id=ana)
    commands.join(room_id=room, account_id=ana)
    with clock_ahead(seconds=1000):
        commands.succeed_host(room_id=room)
        commands.end_abandoned(room_id=room)

    assert topics(room)[-2:] == ["Dropped", "Returned"]


def test_an_heir_who_drops_while_it_is_decided_does_not_take_over(
    people: tuple[UUID, UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    give_seat(room, bo, by=ana)
    commands.appoint_cohost(room_id=room, account_id=bo, by=ana)
    commands.drop(room_id=room, account_id=ana)
    drops = [partial(commands.drop, room_id=room, account_id=bo)]

    def after_the_decision() -> EventLog:
        if drops:
            drops.pop()()
        return event_log()

    monkeypatch.setattr(timers, "event_log", after_the_decision)
    with clock_ahead(seconds=120):
        commands.succeed_host(room_id=room)

    assert topics(room)[-1] == "Dropped"
    assert queries.stage_now(room).host_id == ana


def test_without_host_and_cohost_a_room_ends_after_ten_minutes(
    people: tuple[UUID, UUID, UUID],
) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    commands.drop(room_id=room, account_id=ana)
    with clock_ahead(seconds=597):
        commands.end_abandoned(room_id=room)
        assert queries.stage_now(room).state is RoomState.LIVE
    with clock_ahead(seconds=600):
        for _ in range(2):
            commands.end_abandoned(room_id=room)

    assert ended_because(room) == "host_absent"


def test_an_empty_room_ends_after_five_minutes(people: tuple[UUID, UUID, UUID]) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, bo)
    commands.leave(room_id=room, account_id=ana)
    with clock_ahead(seconds=600):
        commands.end_empty(room_id=room)
        assert queries.stage_now(room).state is RoomState.LIVE  # Bo is there
    commands.drop(room_id=room, account_id=bo)
    with clock_ahead(seconds=296):
        commands.end_empty(room_id=room)
        assert queries.stage_now(room).state is RoomState.LIVE
    with clock_ahead(seconds=300):
        for _ in range(2):
            commands.end_empty(room_id=room)

    assert ended_because(room) == "empty"


def test_the_longest_room_is_warned_and_ended(people: tuple[UUID, UUID, UUID]) -> None:
    ana, _, _ = people
    room = live_room(ana, ana)
    commands.announce_end(room_id=room)
    commands.end_overlong(room_id=room)
    with clock_ahead(seconds=12 * 3600 - 900):
        for _ in range(2):
            commands.announce_end(room_id=room)
        commands.end_overlong(room_id=room)
    assert topics(room)[-2:] == ["Joined", "EndingSoon"]
    with clock_ahead(seconds=12 * 3600):
        commands.end_overlong(room_id=room)

    assert ended_because(room) == "longest"


def test_an_offer_expires_once_and_is_over_before_the_timer_says_so(
    people: tuple[UUID, UUID, UUID],
) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana)
    commands.invite_to_speak(room_id=room, account_id=bo, by=ana)
    commands.expire_speak_invitation(room_id=room, account_id=bo)
    with clock_ahead(seconds=61):
        with pytest.raises(InvitationIsOver):
            commands.accept_invitation(room_id=room, account_id=bo)
        for _ in range(2):
            commands.expire_speak_invitation(room_id=room, account_id=bo)

    assert topics(room)[-2:] == ["InvitedToSpeak", "SpeakInvitationExpired"]


def test_who_accepts_comes_in_and_sits_down_in_one_append(
    people: tuple[UUID, UUID, UUID],
) -> None:
    ana, bo, _ = people
    room = live_room(ana, ana, audience_policy="invited")
    commands.invite_to_speak(room_id=room, account_id=bo, by=ana)
    commands.accept_invitation(room_id=room, account_id=bo)
    stage = queries.stage_now(room)

    assert set(topics(room)[-4:]) == {
        "SpeakerPromoted", "SpeakInvitationAccepted", "Joined", "Seated",
    }  # fmt: skip
    assert (bo in stage.seats, bo in stage.present, stage.speak_invitations) == (True, True, {})


def test_an_operator_may_limit_how_many_listen(
    people: tuple[UUID, UUID, UUID], settings: object
) -> None:
    ana, bo, cy = people
    settings.ROOM_RULES = Rules(most_listeners=1)  # type: ignore[attr-defined]
    room = live_room(ana, ana, bo)
    see()
    with pytest.raises(RoomIsFull):
        commands.join(room_id=room, account_id=cy)
    commands.join(room_id=room, account_id=bo)  # inside already
    commands.leave(room_id=room, account_id=bo)
    catch_up()
    commands.join(room_id=room, account_id=cy)

    assert set(queries.stage_now(room).present) == {ana, cy}


def test_a_room_that_never_was_is_not_there_for_timers_either() -> None:
    for command in (commands.end_empty, commands.succeed_host, commands.end_overlong):
        with pytest.raises(RoomNotFound):
            command(room_id=new_id())
