"""Read models: the same rows by following and by rebuilding, each event applied once."""

import threading
from collections import Counter

import psycopg
import pytest
from django.db import OperationalError, connection

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.rebuild import rebuild
from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.log.mapper import Purged
from spaces_project.kernel.refusals import ProjectionBehind
from spaces_project.wiring import read_models
from tests.kernel.evenings import Evening, catch_up, rows
from tests.kernel.jars import MarbleAdded, add, stored

pytestmark = [
    pytest.mark.databases,
    pytest.mark.usefixtures("databases", "everybody_hosts"),
]

SEEDS = (1, 2)
STEPS = 250
LONGER_THAN_A_LOCK_WAITS_S = 2.5


class Marbles(ReadModel):
    """Counts what it was told, in memory, to see what is asked of a read model."""

    name = "tests_marbles"
    tables = ()
    listen_to = (MarbleAdded,)

    def __init__(self) -> None:
        self.told: list[int] = []
        self.break_at: int | None = None

    def apply(self, recorded: Recorded) -> None:
        if recorded.position == self.break_at:
            raise OperationalError("the server went away")
        self.told.append(recorded.position)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuild_gives_the_rows_that_following_gave(seed: int) -> None:
    evening = Evening(seed)
    done = 0
    for _ in range(5):
        done += evening.go_on(STEPS // 5)
        catch_up()
    live = rows()

    for read_model in read_models():
        assert rebuild(read_model) == event_log().head()

    print(f"seed {seed}: {done} of {STEPS} done, {sum(map(len, live.values()))} rows")
    assert rows() == live
    assert all(live.values()), live.keys()


def test_a_rebuild_waits_for_a_follower_in_the_middle_of_a_batch() -> None:
    read_model = Marbles()
    add(jar_id=new_id())
    project(read_model)
    with psycopg.connect(connection_string(), autocommit=False) as follower:
        follower.execute("SELECT FROM log_positions WHERE name = %s FOR UPDATE", (read_model.name,))
        release = threading.Timer(LONGER_THAN_A_LOCK_WAITS_S, follower.commit)
        release.start()
        assert rebuild(read_model) == event_log().head()
        release.join()


def test_a_rebuild_replaces_whatever_stood_there() -> None:
    Evening(3).go_on(60)
    catch_up()
    live = rows()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rooms_room SET title = 'altered', participant_count = 99")
        cursor.execute("DELETE FROM accounts_person")

    assert rows() != live
    for read_model in read_models():
        rebuild(read_model)

    assert rows() == live


def test_after_a_purge_everything_else_is_rebuilt() -> None:
    evening = Evening(4, rooms_open=3)
    for room_id in evening.rooms:
        for _ in range(20):
            evening.talk(room_id)
    catch_up()
    gone = evening.rooms[0]
    live = [row for row in rows()["rooms_room"] if str(gone) not in row]
    key_store().destroy(gone)

    for read_model in read_models():
        rebuild(read_model)

    assert rows()["rooms_room"] == live
    markers = [r for r in stored() if r.room_id == gone]
    assert markers
    assert all(isinstance(r.event, Purged) for r in markers)
    assert {r.event.topic for r in markers if isinstance(r.event, Purged)} >= {"rooms.RoomCreated"}
    assert [r.seq for r in markers] == list(range(1, len(markers) + 1))


def test_a_follower_catches_up_by_batches_and_reads_nothing_twice() -> None:
    for _ in range(25):
        add(jar_id=new_id())
    marbles, sizes = Marbles(), []

    while size := project(marbles, limit=10):
        sizes.append(size)

    assert sizes == [10, 10, 5]
    assert marbles.told == [r.position for r in stored()]
    assert positions()[marbles.name] == event_log().head()


def test_a_batch_that_loses_its_database_moves_nothing() -> None:
    for _ in range(3):
        add(jar_id=new_id())
    marbles = Marbles()
    marbles.break_at = stored()[1].position

    with pytest.raises(OperationalError):
        project(marbles)

    assert positions().get(marbles.name, 0) == 0
    marbles.break_at = None
    assert project(marbles) == 3
    assert Counter(marbles.told)[stored()[2].position] == 1


def test_a_reader_waits_for_its_own_write_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    position = add(jar_id=new_id()).position
    monkeypatch.setattr("spaces_project.kernel.following.waiting.LONGEST_WAIT_S", 0.05)

    with pytest.raises(ProjectionBehind):
        wait_until_projected([Marbles.name], position)
    project(Marbles())

    wait_until_projected([Marbles.name], position)
