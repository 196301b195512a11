"""The bench of waiting, small: every reader finds its note, and who does not gets no figure."""

import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from bench import wait
from bench.harness import next_word, running
from bench.house import House
from bench.read_your_writes.sides import Follows, Ours, Peer, Side
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id
from spaces_project.launcher.postgres import Cluster
from spaces_project.launcher.trouble import Trouble
from tests.kernel.jars import as_owner

pytestmark = [pytest.mark.databases]


@pytest.fixture
def home(databases: tuple[Cluster, ...], tmp_path: Path) -> Iterator[House]:
    """The tests' databases."""
    yield House(tmp_path, *databases)
    with as_owner() as owner:
        owner.execute("DROP TABLE IF EXISTS bench_notes")


def test_a_reader_finds_what_the_peers_follower_projected(home: House, tmp_path: Path) -> None:
    peer = Peer(home)
    log = tmp_path / "follower.log"
    try:
        with running("peer", wait._follower("peer"), log=log, environment=peer.environment) as it:
            next_word(it, Follows, log)
            found = wait.turn(peer, 2, random.Random(1))
    finally:
        peer.close()

    assert len(found.waits_ms) == len(found.whole_ms) == 2
    assert 0 < found.p50_ms < max(found.whole_ms)


def test_a_reader_finds_what_our_runner_projected(home: House) -> None:
    from bench.read_your_writes.notes import Notes  # noqa: PLC0415 - its table is there by now

    side = Ours(home)

    class Followed:
        """Ours, with the follower in this process: the other one costs a start."""

        name, environment, write, shows = side.name, side.environment, side.write, side.shows

        def wait(self, position: int) -> None:
            project(Notes())
            side.wait(position)

    found = wait.turn(Followed(), 3, random.Random(1))

    assert len(found.waits_ms) == 3
    assert "p50" in str(found)


def test_a_reader_who_does_not_find_its_note_makes_the_figure_void() -> None:
    class Blind:
        name = "blind"
        environment: dict[str, str] = {}

        def write(self, text: str) -> tuple[UUID, int]:
            return new_id(), len(text)

        def wait(self, position: int) -> None:
            assert position

        def shows(self, note_id: UUID) -> bool:
            return note_id == new_id()

    side: Side = Blind()

    with pytest.raises(Trouble, match="no note 0"):
        wait.turn(side, 1, random.Random(1))
