"""Two people press at the same moment: the log takes one of both orders, nothing between."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connections

from rooms import commands, queries, streams
from rooms.commands import grounds
from rooms.domain.errors import AlreadyOnStage
from rooms.domain.participation import Participation
from rooms.domain.words import RoomState
from spaces_project.kernel.refusals import Refusal
from tests.projections.scenes import history, live_room, rows, see, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ROUNDS = 6


def at_once(*asks: Callable[[], object]) -> list[str]:
    """Ask everything at the same moment; return the code of each refusal, or yes."""
    barrier = Barrier(len(asks))
    answers = [""] * len(asks)

    def ask(place: int) -> None:
        barrier.wait()
        try:
            asks[place]()
            answers[place] = "yes"
        except Refusal as refusal:
            answers[place] = refusal.code
        finally:
            connections.close_all()

    threads = [Thread(target=ask, args=(place,)) for place in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def joins(room: UUID, who: UUID) -> Callable[[], object]:
    return partial(commands.join, room_id=room, account_id=who)


def promotes(room: UUID, who: UUID, by: UUID) -> Callable[[], object]:
    return partial(commands.promote_speaker, room_id=room, account_id=who, by=by)


def before_the_part_is_read(ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another command come in after the next one has read the room, before it reads on."""
    real, asks = streams.participation, [ask]

    def slowly(room_id: UUID, account_id: UUID) -> Participation:
        if asks:
            asks.pop()()
        return real(room_id, account_id)

    monkeypatch.setattr(grounds, "participation", slowly)


def test_nobody_joins_behind_the_end() -> None:
    ana, *guests = [someone(f"person_{n}") for n in range(5)]
    for _ in range(ROUNDS):
        room = live_room(ana)
        answers = at_once(
            *(joins(room, guest) for guest in guests),
            partial(commands.end, room_id=room, by=ana),
        )
        kinds = topics(room)

        assert kinds[-1] == "RoomEnded"
        assert kinds.count("Joined") == answers[:-1].count("yes")
        assert set(answers) <= {"yes", "room-is-over"}
        assert answers[-1] == "yes"
        assert [recorded.seq for recorded in history(room)] == list(range(1, len(kinds) + 1))
        see()
        assert queries.room(room, ana)[0].participant_count == 0


def test_one_seat_is_given_once() -> None:
    ana, bo = someone("ana"), someone("bob")
    for _ in range(ROUNDS):
        room = live_room(ana, bo)
        answers = at_once(*[promotes(room, bo, ana)] * 3)

        assert sorted(answers) == ["already-on-stage", "already-on-stage", "yes"]
        assert topics(room).count("SpeakerPromoted") == topics(room).count("Seated") == 1


def test_who_leaves_while_being_promoted_is_not_both_away_and_seated() -> None:
    ana, bo = someone("ana"), someone("bob")
    for _ in range(ROUNDS):
        room = live_room(ana, bo)
        answers = at_once(
            promotes(room, bo, ana), partial(commands.leave, room_id=room, account_id=bo)
        )
        stage = queries.stage_now(room)

        assert set(answers) <= {"yes", "not-in-room"}
        assert bo not in stage.present
        assert bo not in stage.seats


@pytest.mark.parametrize("put_out", [commands.leave, commands.remove, commands.block])
def test_a_seat_that_is_given_while_a_command_reads_is_seen_by_it(
    put_out: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    before_the_part_is_read(promotes(room, bo, ana), monkeypatch)
    by = {} if put_out is commands.leave else {"by": ana}
    put_out(room_id=room, account_id=bo, **by)
    stage = queries.stage_now(room)

    assert topics(room).count("SpeakerPromoted") == 1
    assert bo not in stage.seats
    assert bo not in stage.present


def test_a_hand_that_goes_up_while_a_seat_is_given_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    before_the_part_is_read(promotes(room, bo, ana), monkeypatch)
    with pytest.raises(AlreadyOnStage):
        commands.raise_hand(room_id=room, account_id=bo)

    assert "HandRaised" not in topics(room)


def test_a_refusal_in_the_second_half_of_a_command_leaves_nothing_of_the_first() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    before = topics(room)
    for _ in range(2):
        with pytest.raises(Refusal, match="Not in the room"):
            commands.promote_speaker(room_id=room, account_id=bo, by=ana)
    commands.unmute(room_id=room, account_id=ana, by=ana)

    assert topics(room) == [*before, "SpeakerUnmuted"]


def test_who_leaves_a_room_that_is_over_is_refused_and_nothing_is_recorded() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana, bo)
    commands.end(room_id=room, by=ana)
    see()
    kept, before = rows(), topics(room)
    with pytest.raises(Refusal) as no:
        commands.leave(room_id=room, account_id=bo)

    assert no.value.code == "room-is-over"
    assert topics(room) == before
    assert queries.stage_now(room).state is RoomState.ENDED
    see()
    assert rows() == kept
