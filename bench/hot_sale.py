"""Orders a second at one sale that everybody buys from, beside optimistic retries of the library.

Each thread is a buyer who orders one ticket after the other, each order under a key of its own.
Ours goes the whole way of a command: wish, mailbox, encryption, receipt. The peer loads the sale,
decides, saves, and begins again when somebody else was faster. Both are checked by what their log
holds in the end, and neither may have sold one ticket too many.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from bench.harness import Better, Comparison, finish, in_turns
from bench.house import house
from bench.ticket_sales.crowd import Rush, must_be_in_the_log, rush
from bench.ticket_sales.sides import Ours, Peer, Side
from spaces_project.launcher.trouble import Trouble

NAME: Final = "hot-sale"
PEER_NAME: Final = "eventsourcing 9.5.6: load, save, again"
STARTING_S: Final = 40.0
PLENTY: Final = 10**9
SCARCE: Final = 100
OLD: Final = 10_000  # orders at a sale that has gone on for a while
FLAT: Final = 0.5  # an order at an old sale may cost twice as much on a noisy machine, not more


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    buyers: int
    seconds: float
    rounds: int
    old: int


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench hot-sale", description=__doc__)
    parser.add_argument("--buyers", type=int, default=64, help="at the same moment (64)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn (2)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    parser.add_argument("--old", type=int, default=OLD, help=f"orders at an old sale ({OLD})")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.buyers, wish.seconds, wish.rounds, wish.old) <= 0:
        parser.error("buyers, seconds, rounds and old are more than nothing")
    bound_s = STARTING_S + 4 * wish.rounds * (wish.seconds + 1) + wish.old / 200
    return finish(partial(bench, wish), bound_s)


def bench(wish: Wish) -> Comparison:
    """Run all rounds, then the sales that sell out and the one that is old."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as home:
        sides = (Ours(), Peer(home, wish.buyers))
        ours, peer = [], []
        turns = (partial(_turn, wish, side) for side in sides)
        for number, (mine, other) in enumerate(in_turns(wish.rounds, *turns), 1):
            ours.append(mine.orders_each_s)
            peer.append(other.orders_each_s)
            _show(f"round {number}  ours", mine)
            _show(f"round {number}  peer", other)
        for side in sides:
            sell_out(wish.buyers, side)
        _age(wish, sides[0])
    return Comparison(
        bench=NAME,
        peer_name=PEER_NAME,
        unit="orders/s",
        better=Better.HIGHER,
        ours=ours,
        peer=peer,
    )


def _turn(wish: Wish, side: Side) -> Rush:
    sale_id = side.open(PLENTY)
    found = rush(side, sale_id, wish.buyers, seconds=wish.seconds)
    must_be_in_the_log(side, sale_id, found)
    if found.refused:
        raise Trouble(f"{side.name}: {found.refused} orders were refused, with tickets left.")
    return found


def sell_out(buyers: int, side: Side) -> None:
    """Let everybody together want twice what there is; exactly that must be sold.

    :raises Trouble: if it was more or less.
    """
    sale_id = side.open(SCARCE)
    found = rush(side, sale_id, buyers, orders=-(-2 * SCARCE // buyers))
    must_be_in_the_log(side, sale_id, found)
    if len(found.acknowledged) != SCARCE:
        raise Trouble(f"{side.name}: sold {len(found.acknowledged)} of {SCARCE} tickets.")
    sys.stdout.write(
        f"sold out {side.name}: {SCARCE} tickets sold, not one more; {found.refused} refused\n"
    )


def _age(wish: Wish, side: Side) -> None:
    """An order at a sale with many orders costs what it costs at a young one."""
    aged = side.open(PLENTY)
    rates: tuple[list[float], list[float]] = ([], [])
    rush(side, aged, wish.buyers, orders=-(-wish.old // wish.buyers))
    for _ in range(wish.rounds):
        for place, sale_id in enumerate((side.open(PLENTY), aged)):
            found = rush(side, sale_id, wish.buyers, seconds=wish.seconds / 4)
            rates[place].append(found.orders_each_s)
    young, old = (median(each) for each in rates)
    sys.stdout.write(
        f"age      {side.name}: {young:,.0f} orders/s at a new sale, "
        f"{old:,.0f} behind {wish.old:,} orders\n"
    )
    must_be_flat(young, old)


def must_be_flat(young: float, old: float) -> None:
    """Refuse figures that only hold for a sale that has just begun.

    :param young: orders a second at a new sale, ``old`` behind many others.
    """
    if old < FLAT * young:
        raise Trouble("An order costs more as the sale grows.")


def _show(what: str, found: Rush) -> None:
    sys.stdout.write(
        f"{what}: {found.orders_each_s:,.0f} orders/s, "
        f"p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
