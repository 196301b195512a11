"""Read your own write: how long a reader waits until another process has projected its write.

One process writes a note, waits until the view of the follower's process has it, and reads it; then
it rests a moment, so that everybody sleeps again. Ours is a whole command, the product's runner and
the wait of a request with Min-Position; the peer is the library's save, its projection runner and
that runner's wait. A reader that does not find its note makes the figure void.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from bench.harness import Better, Comparison, finish, in_turns, next_word, running
from bench.house import house
from spaces_project.launcher.trouble import Trouble

if TYPE_CHECKING:
    from bench.read_your_writes.sides import Side

NAME: Final = "wait"
PEER_NAME: Final = "eventsourcing 9.5.6: ProjectionRunner.wait"
STARTING_S: Final = 60.0
RESTS_S: Final = (0.003, 0.012)
SEED: Final = 13
PEER_WAITS_S: Final = 0.15


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    notes: int
    rounds: int


@dataclass(frozen=True)
class Waits:
    """The waits of one turn, in ms; ``whole_ms`` from the wish to the row."""

    waits_ms: list[float]
    whole_ms: list[float]

    @property
    def p50_ms(self) -> float:
        """The wait of one in two."""
        return median(self.waits_ms)

    def __str__(self) -> str:
        p99 = quantiles(self.waits_ms, n=100)[98] if len(self.waits_ms) > 1 else self.waits_ms[0]
        return (
            f"waits p50 {self.p50_ms:.2f} ms, p99 {p99:.2f} ms; "
            f"written, waited and read p50 {median(self.whole_ms):.2f} ms"
        )


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench wait", description=__doc__)
    parser.add_argument("--notes", type=int, default=100, help="in each turn (100)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.notes, wish.rounds) <= 0:
        parser.error("notes and rounds are more than nothing")
    return finish(partial(bench, wish), STARTING_S + 2 * wish.rounds * wish.notes * PEER_WAITS_S)


def bench(wish: Wish) -> Comparison:
    """Run all rounds against two followers that run all the while."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as home:
        from bench.read_your_writes.sides import (  # noqa: PLC0415 - asks for settings
            Follows,
            Ours,
            Peer,
        )

        sides = Ours(home), Peer(home)
        log = Path(name) / "followers.log"
        chance = random.Random(SEED)
        ours, peer = [], []
        with (
            running("ours", _follower("ours"), log=log, environment=sides[0].environment) as mine,
            running("peer", _follower("peer"), log=log, environment=sides[1].environment) as other,
        ):
            for follower in (mine, other):
                next_word(follower, Follows, log)
            for side in sides:
                turn(side, 1, chance)  # whoever waits for the first time begins to listen
            turns = [partial(turn, side, wish.notes, chance) for side in sides]
            for number, (here, there) in enumerate(in_turns(wish.rounds, *turns), 1):
                ours.append(here.p50_ms)
                peer.append(there.p50_ms)
                sys.stdout.write(f"round {number}  ours: {here}\nround {number}  peer: {there}\n")
                sys.stdout.flush()
    return Comparison(
        bench=NAME,
        peer_name=PEER_NAME,
        unit="ms p50 from stored to projected elsewhere",
        better=Better.LOWER,
        ours=ours,
        peer=peer,
    )


def turn(side: "Side", notes: int, chance: random.Random) -> Waits:
    """Write, wait and read so many notes, one after the other.

    :raises Trouble: if a note was not there after the wait.
    """
    found = Waits([], [])
    for number in range(notes):
        time.sleep(chance.uniform(*RESTS_S))
        began = time.perf_counter()
        note_id, position = side.write(f"note {number}")
        stored = time.perf_counter()
        side.wait(position)
        found.waits_ms.append((time.perf_counter() - stored) * 1000)
        if not side.shows(note_id):
            raise Trouble(f"{side.name}: the view has no note {number}, though it was waited for.")
        found.whole_ms.append((time.perf_counter() - began) * 1000)
    return found


def _follower(side: str) -> list[str]:
    return [sys.executable, "-m", "bench.read_your_writes.follower", side]


if __name__ == "__main__":
    sys.exit(main())
