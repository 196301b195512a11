"""Snapshots of stages: never a source of truth, only a shorter way to the same state."""

import random
from contextlib import suppress
from functools import partial
from uuid import UUID

import msgspec
import psycopg
import pytest

from rooms import commands, queries
from rooms.domain.stage import Stage
from rooms.queries import log
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log import snapshots
from spaces_project.kernel.log.event_log import EventLog, Recorded, event_log
from spaces_project.kernel.refusals import Refusal
from tests.kernel.jars import as_owner
from tests.projections.scenes import live_room, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

SEEDS = range(3)
STEPS = 60


@pytest.fixture(autouse=True)
def worth_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a snapshot of every stage that was folded."""
    monkeypatch.setattr(log, "WORTH_KEEPING", 1)


def folded(room: UUID, until: int = 2**62) -> Stage:
    """Return a stage as its whole history makes it."""
    stage = Stage(room)
    for recorded in event_log().history(room, until):
        stage.apply(recorded.event, recorded.seq or 0)
    return stage


def same(one: Stage, other: Stage) -> bool:
    """Compare two stages, the order of hands and of people, too."""
    return repr(msgspec.to_builtins(one)) == repr(msgspec.to_builtins(other))


def kept() -> list[tuple[UUID, int]]:
    with as_owner() as owner:
        return owner.execute("SELECT subject, at FROM log_snapshots").fetchall()


def evening(seed: int) -> UUID:
    """Let people do things in a room; look at its stage now and then."""
    chance = random.Random(seed)
    people = [someone(f"person_{seed}_{n}") for n in range(4)]
    host = people[0]
    room = live_room(host)
    for _ in range(STEPS):
        who, by = chance.choice(people), chance.choice([host, chance.choice(people)])
        ask = chance.choice(
            [
                partial(commands.join, room_id=room, account_id=who),
                partial(commands.leave, room_id=room, account_id=who),
                partial(commands.raise_hand, room_id=room, account_id=who),
                partial(commands.promote_speaker, room_id=room, account_id=who, by=by),
                partial(commands.demote_speaker, room_id=room, account_id=who, by=by),
                partial(commands.mute, room_id=room, account_id=who, by=by),
                partial(commands.unmute, room_id=room, account_id=who, by=who),
            ]
        )
        with suppress(Refusal):
            ask()
        if chance.random() < 0.2:
            assert same(queries.stage_now(room), folded(room))
    return room


def test_snapshot_and_tail_are_the_whole_history() -> None:
    for seed in SEEDS:
        room = evening(seed)
        last = queries.last_seq(room)
        for seq in range(1, last + 1):
            assert same(queries.stage_at(room, seq), folded(room, seq)), f"seed {seed}, seq {seq}"
        print(f"seed {seed}: {STEPS} asks, {last} events, snapshots {kept()}")
    assert len(kept()) == len(SEEDS)


def test_a_look_at_any_moment_folds_no_more_than_lies_between_two_milestones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log, "WORTH_KEEPING", 10**9)
    room, guest = evening(11), someone("guest")
    for come_or_go in (commands.join, commands.leave) * 15:
        come_or_go(room_id=room, account_id=guest)
    last = queries.last_seq(room)
    wanted = {seq: folded(room, seq) for seq in range(1, last + 1)}
    monkeypatch.setattr(log, "MILESTONE", 7)
    read: list[int] = []
    read_room = EventLog.read_room

    def counted(self: EventLog, room_id: UUID, after: int, until: int) -> list[Recorded]:
        page = read_room(self, room_id, after, until)
        read.append(len(page))
        return page

    monkeypatch.setattr(EventLog, "read_room", counted)
    queries.stage_at(room, last)
    assert sum(read) == last > 3 * 7
    assert sorted(at for _, at in kept()) == list(range(7, last + 1, 7))

    for seq in reversed(wanted):
        read.clear()
        assert same(queries.stage_at(room, seq), wanted[seq]), seq
        assert sum(read) == seq % 7, seq


def test_a_milestone_of_somewhere_else_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MILESTONE", 7)
    room, guest = evening(12), someone("guest")
    for come_or_go in (commands.join, commands.leave) * 10:
        come_or_go(room_id=room, account_id=guest)
    queries.stage_now(room)
    with as_owner() as owner:  # sealed for its place in the room
        owner.execute("UPDATE log_snapshots SET at = at - 1 WHERE kind LIKE '%@%'")

    for seq in (8, 15, queries.last_seq(room)):
        assert same(queries.stage_at(room, seq), folded(room, seq))


def test_without_any_snapshot_nothing_changes() -> None:
    room = evening(7)
    before = queries.stage_now(room)
    with as_owner() as owner:
        owner.execute("TRUNCATE log_snapshots")

    assert same(queries.stage_now(room), before)


def test_a_snapshot_that_tells_something_else_would_be_seen() -> None:
    room = evening(8)
    wrong = folded(room)
    wrong.removed.add(new_id())
    wrong.seq -= 1
    with as_owner() as owner:
        owner.execute("TRUNCATE log_snapshots")
    event_log().snapshot_store.keep(wrong, room, at=wrong.seq, key_id=room)

    assert not same(queries.stage_now(room), folded(room))


def test_a_snapshot_of_older_code_is_absent_and_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    room = evening(9)
    queries.stage_now(room)
    found = event_log().snapshot_store
    with monkeypatch.context() as another_release:
        another_release.setattr(snapshots, "code_of", lambda _kind: b"another release")
        assert found.latest(Stage, room, until=2**62) is None
        queries.stage_now(room)
        assert found.latest(Stage, room, until=2**62) is not None

    assert found.latest(Stage, room, until=2**62) is None
    assert len(kept()) == 1


def test_a_snapshot_is_gone_with_its_key() -> None:
    room = evening(10)
    queries.stage_now(room)
    key_store().destroy(room)

    assert event_log().snapshot_store.latest(Stage, room, until=2**62) is None
    assert queries.stage_now(room).card is None


@pytest.mark.parametrize(
    "change",
    ["state = state || '\\x00'", "at = at - 1", "state = '\\x'"],
    ids=["longer", "moved", "empty"],
)
def test_an_altered_snapshot_is_not_used(change: str) -> None:
    room = evening(11)
    queries.stage_now(room)
    with as_owner() as owner:
        owner.execute(f"UPDATE log_snapshots SET {change}".encode())  # noqa: S608

    assert event_log().snapshot_store.latest(Stage, room, until=2**62) is None
    assert same(queries.stage_now(room), folded(room))


def test_a_snapshot_that_cannot_be_kept_disturbs_nobody() -> None:
    room = evening(12)
    with as_owner() as owner:
        owner.execute("ALTER TABLE log_snapshots ADD CONSTRAINT none CHECK (at < 0) NOT VALID")
        try:
            commands.join(room_id=room, account_id=someone("late"))
            assert queries.stage_now(room).seq == queries.last_seq(room)
        finally:
            owner.execute("ALTER TABLE log_snapshots DROP CONSTRAINT none")


def test_a_key_that_is_out_of_reach_by_then_disturbs_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object) -> bytes:
        raise psycopg.OperationalError("connection refused")

    room = evening(13)
    commands.join(room_id=room, account_id=someone("late"))
    monkeypatch.setattr(snapshots, "seal_payload", lost)

    assert queries.stage_now(room).seq == queries.last_seq(room)
