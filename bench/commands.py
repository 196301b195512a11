"""Commands a second, whole ones, beside the bare library that only saves events.

Ours load, ask the rules, encrypt, count the room's seq and leave a receipt; the peer appends an
event to an aggregate that it holds in memory. Both keep it on the same disk before they answer.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

from eventsourcing.application import Application

from bench.command_crowd import Answered, Crowd, let_ask
from bench.harness import Better, Comparison, finish, in_turns
from bench.house import House, house

NAME: Final = "commands"
UNIT: Final = "commands/s at 16 threads"
PEER: Final = "eventsourcing Application.save"
COMPARED: Final = Crowd(1, 16)
CROWDS: Final = (Crowd(1, 1), COMPARED, Crowd(1, 64), Crowd(4, 4))
STARTING_S: Final = 6.0
HOUSE_S: Final = 30.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    seconds: float
    rounds: int


def main() -> int:
    """Measure both in turns, print every crowd, then the table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench commands", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="counted in each round (2)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.seconds, wish.rounds) <= 0:
        parser.error("seconds and rounds are more than nothing")
    turns_s = 2 * len(CROWDS) * wish.rounds * (wish.seconds + STARTING_S)
    return finish(partial(bench, wish), HOUSE_S + turns_s)


def bench(wish: Wish) -> Comparison:
    """Let all crowds ask; compare one of them."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as at:
        measured = {crowd: _measure(wish, crowd, at) for crowd in CROWDS}
    alone = _compared(f"{NAME} 1 thread", "commands/s", measured[CROWDS[0]])
    sys.stdout.write(f"\n{alone.table()}\n{alone.last_line()}\n")
    return _compared(NAME, UNIT, measured[COMPARED])


def _compared(name: str, unit: str, rounds: Sequence[tuple[Answered, Answered]]) -> Comparison:
    return Comparison(
        bench=name,
        peer_name=PEER,
        unit=unit,
        better=Better.HIGHER,
        ours=[answered.per_second for answered, _ in rounds],
        peer=[answered.per_second for _, answered in rounds],
    )


def _measure(wish: Wish, crowd: Crowd, at: House) -> list[tuple[Answered, Answered]]:
    # Its tables are made once: processes that start at the same moment would fail over them.
    at.peer_application("bare", Application[UUID]).close()
    peer_settings = {**at.peer_settings("bare", pool=crowd.threads), "CREATE_TABLE": "no"}
    rounds = list(
        in_turns(
            wish.rounds,
            partial(let_ask, "ours", crowd, wish.seconds, at.folder, {}),
            partial(let_ask, "peer", crowd, wish.seconds, at.folder, peer_settings),
        )
    )
    ours, peer = zip(*rounds, strict=True)
    ratio = _per_second(ours) / _per_second(peer)
    sys.stdout.write(
        f"{crowd!s:<24} ours {_described(ours)}   bare save {_described(peer)}"
        f"   ratio {ratio:.2f}\n"
    )
    sys.stdout.flush()
    return rounds


def _per_second(rounds: tuple[Answered, ...]) -> float:
    return median(each.per_second for each in rounds)


def _described(rounds: tuple[Answered, ...]) -> str:
    middle = median(each.median_ms for each in rounds)
    late = median(each.p99_ms for each in rounds)
    return f"{_per_second(rounds):7.0f}/s (p50 {middle:6.2f} ms, p99 {late:7.2f} ms)"


if __name__ == "__main__":
    sys.exit(main())
