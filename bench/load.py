"""Milliseconds to load an aggregate of 1,000 events, beside the bare library's repository.

Ours reads, decrypts and replays a room; the peer reads and replays an aggregate like it, which is
not encrypted. Neither uses a cache or a snapshot; ours with a cache, and with a snapshot, are
printed above the last line.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from bench.harness import Better, Comparison, finish, in_turns
from bench.house import House, house

NAME: Final = "load"
PEER: Final = "eventsourcing repository.get"
HOUSE_S: Final = 40.0
SLOWEST_S: Final = 0.5  # one load of the peer, on a busy machine


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    events: int
    loads: int
    rounds: int


def main() -> int:
    """Measure both in turns, print the ways that spare work, then the table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench load", description=__doc__)
    parser.add_argument("--events", type=int, default=1000, help="of the aggregate (1000)")
    parser.add_argument("--loads", type=int, default=20, help="in each round (20)")
    parser.add_argument("--rounds", type=int, default=5, help="of both sides each (5)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.loads, wish.rounds) <= 0 or wish.events < 4:
        parser.error("loads and rounds are more than nothing, events at least 4")
    return finish(partial(bench, wish), HOUSE_S + 4 * wish.rounds * wish.loads * SLOWEST_S)


def bench(wish: Wish) -> Comparison:
    """Run all rounds."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as at:
        ours, peer = _measure(wish, at)
    unit = f"ms for an aggregate of {wish.events:,} events"
    return Comparison(
        bench=NAME, peer_name=PEER, unit=unit, better=Better.LOWER, ours=ours, peer=peer
    )


def _measure(wish: Wish, at: House) -> tuple[list[float], list[float]]:
    from bench.long_histories import bare_stages, rooms  # noqa: PLC0415 - reads Django's settings

    room, stage = rooms.LongRoom(wish.events), bare_stages.LongStage(at, wish.events)
    try:
        for what, load in room.shortcuts().items():
            _show(what, [_each_ms(load, wish.loads) for _ in range(wish.rounds)])
        sides = (
            partial(_each_ms, room.load, wish.loads),
            partial(_each_ms, stage.load, wish.loads),
        )
        rounds = list(in_turns(wish.rounds, *sides))
    finally:
        stage.close()
        room.close()
    return [mine for mine, _ in rounds], [other for _, other in rounds]


def _each_ms(load: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        load()
    return (time.perf_counter() - began) * 1000 / times


def _show(what: str, rounds: list[float]) -> None:
    sys.stdout.write(f"ours, {what}: {median(rounds):.3f} ms\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
