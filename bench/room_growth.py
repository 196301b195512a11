"""A room with 100,000 inside beside one with 10: what one more person does costs the same.

Joining, raising a hand and leaving are commands in this process; looking over REST and joining by a
socket ask one web process, in which both rooms are open already. The rooms are filled by appending
events straight to the log.
"""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.harness import Better, Comparison, finish, in_turns
from bench.house import house
from bench.live_room import PRESET, TOKENS_LAST, serving

if TYPE_CHECKING:
    from bench.full_rooms import Turn

NAME: Final = "room-growth"
FEW: Final = 10
PEER: Final = f"the same with {FEW} inside"
FILLED_PER_S: Final = 1000
EACH_S: Final = 0.2
STARTING_S: Final = 60.0


def main() -> int:
    """Measure both in turns, print each thing done, rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench room-growth", description=__doc__)
    parser.add_argument("--inside", type=int, default=100_000, help="in the full room (100000)")
    parser.add_argument("--times", type=int, default=60, help="people in each turn (60)")
    parser.add_argument("--rounds", type=int, default=5, help="of both sides each (5)")
    wish = parser.parse_args()
    if min(wish.inside, wish.times, wish.rounds) <= 0:
        parser.error("inside, times and rounds are more than nothing")
    filling_s = STARTING_S + wish.inside / FILLED_PER_S
    return finish(
        partial(bench, wish.inside, wish.times, wish.rounds),
        filling_s + 2 * wish.rounds * wish.times * EACH_S,
    )


def bench(inside: int, times: int, rounds: int) -> Comparison:
    """Fill both rooms, open both in one web process, and let people come and go."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as home:
        from django.conf import settings  # noqa: PLC0415 - the house sets Django up

        from bench.full_rooms import COMMANDS, LOOKS, ON_SERVER, FullRoom, see  # noqa: PLC0415
        from spaces_project.kernel.authentication import issue_token  # noqa: PLC0415
        from spaces_project.kernel.ids import new_id  # noqa: PLC0415
        from spaces_project.presets import PRESETS  # noqa: PLC0415

        settings.PRESET = PRESETS[PRESET]
        full, small = FullRoom(inside), FullRoom(FEW)
        see()
        with serving(home, Path(name)) as web:
            for room in (full, small):  # stays open, so that the room does
                room.enter(web, issue_token(new_id(), frozenset(), TOKENS_LAST))
                room.turn(web, max(1, times // 10))
            turns = [partial(room.turn, web, times) for room in (full, small)]
            found = list(in_turns(rounds, *turns))
    for what in (*COMMANDS, *LOOKS, *ON_SERVER):
        _say(what, found)
    return Comparison(
        bench=NAME,
        peer_name=PEER,
        unit="ms for joining, asking, leaving, looking and connecting",
        better=Better.LOWER,
        ours=[mine.total_ms for mine, _ in found],
        peer=[other.total_ms for _, other in found],
    )


def _say(what: str, found: "list[tuple[Turn, Turn]]") -> None:
    """Print a further figure as a line of its own."""
    comparison = Comparison(
        bench=f"{NAME} {what}",
        peer_name=PEER,
        unit="ms",
        better=Better.LOWER,
        ours=[mine.took_ms[what] for mine, _ in found],
        peer=[other.took_ms[what] for _, other in found],
    )
    ours, peer = median(comparison.ours), median(comparison.peer)
    sys.stdout.write(f"{what:<30} {ours:8.2f} {peer:8.2f}  {comparison.ratio:5.2f}\n")
    sys.stdout.write(f"{comparison.last_line()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
