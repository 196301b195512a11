"""Server CPU of one application ping and its pong on 1,000 sockets, beside Node's ws.

Both take a text frame apart, read its JSON, see that it is a ping, and answer it. Ours does so in a
web process of the product, on signed-in sockets of a live room, and counts what each socket says.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import live_room, socket_peers
from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns
from bench.house import house
from bench.socket_crowd import Echoes, crowd
from spaces_project.launcher.trouble import Trouble

NAME: Final = "echo"
UNIT: Final = "server CPU us per ping and pong"
PINGS_PER_S: Final = 15.0  # of each socket; 20 are allowed
SETTLING_S: Final = 1.0
TURN_S: Final = 25.0
HOUSE_S: Final = 30.0
MOST_LATE: Final = 0.05  # of the pings: not sent, as the one before was unanswered


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    sockets: int
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Measure:
    """One side of one round."""

    name: str
    cpu_us: float
    echoes: Echoes


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench echo", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000, help="that ping (1000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of pings (4)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.sockets, wish.seconds, wish.rounds) <= 0:
        parser.error("sockets, seconds and rounds are more than nothing")
    within_s = HOUSE_S + 2 * wish.rounds * (TURN_S + wish.seconds)
    return finish(partial(bench, wish), within_s, socket_peers.NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds."""
    ours, peer = [], []
    with (
        tempfile.TemporaryDirectory(prefix="spaces-bench-") as name,
        house(Path(name)) as ourselves,
    ):
        folder = Path(name)
        room = live_room.LiveRoom()
        hellos = live_room.hellos(wish.sockets)

        def mine() -> Measure:
            with live_room.serving(ourselves, folder) as web:
                return measure("ours", web.pid, web.port, room.path, wish, folder, hellos)

        def other() -> Measure:
            with socket_peers.node_ws(folder) as node:
                return measure(node.name, node.talk.pid, node.port, "/", wish, folder, hellos)

        for one, two in in_turns(wish.rounds, mine, other):
            ours.append(one)
            peer.append(two)
            _show(len(ours), one)
            _show(len(ours), two)
    return Comparison(
        bench=NAME,
        peer_name=peer[0].name,
        unit=UNIT,
        better=Better.LOWER,
        ours=[each.cpu_us for each in ours],
        peer=[each.cpu_us for each in peer],
    )


def measure(
    name: str, pid: int, port: int, path: str, wish: Wish, folder: Path, hellos: list[str]
) -> Measure:
    """Connect, let things settle, weigh the server while all sockets ping."""
    with crowd(folder, port, path, hellos) as many:
        time.sleep(SETTLING_S)
        cpu_s = cpu_seconds(pid)
        echoes = many.echo(PINGS_PER_S, wish.seconds)
        spent_s = cpu_seconds(pid) - cpu_s
    if echoes.answered != echoes.sent:
        raise Trouble(f"{name} answered {echoes.answered} of {echoes.sent} pings.")
    if echoes.late > MOST_LATE * (echoes.sent + echoes.late):
        raise Trouble(f"{name} was too slow: {echoes.late} pings could not be sent in time.")
    return Measure(name, spent_s * 1e6 / echoes.answered, echoes)


def _show(number: int, measure: Measure) -> None:
    echoes = measure.echoes
    sys.stdout.write(
        f"round {number}  {measure.name}: {measure.cpu_us:.2f} us, {echoes.answered} answered, "
        f"p50 {echoes.p50_us / 1000:.2f} ms, p99 {echoes.p99_us / 1000:.2f} ms\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
