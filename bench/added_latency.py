"""How late a listener hears a speaker because of the server, beside Janus AudioBridge.

The same speech goes over the same roads, by the same seeds: a good one, one with 30 ms of jitter,
and one that loses a packet in twenty. What is heard is found in what was said by correlation.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench import janus
from bench.harness import Better, Comparison, finish, in_turns, next_word
from bench.light_peers.mouth_to_ear import AFTER_S, FLUSH_S, RECOVER_S, SETTLE_S, Delay
from bench.light_peers.speech import make_speech
from bench.media_servers import Server, Start, janus_bridge, our_node, peers
from spaces_project.launcher.trouble import Trouble

NAME: Final = "added-latency"
UNIT: Final = "ms from the speaker's network card to the listener's"
NEEDED: Final = {**janus.NEEDED, "espeak-ng": ("espeak-ng",)}
CLEAN: Final = "clean"
# Jitter in ms, and the share of packets that is lost.
ROADS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {CLEAN: (0.0, 0.0), "30 ms jitter": (30.0, 0.0), "5 % loss": (0.0, 0.05)}
)
LEAST_ALIKE: Final = 0.5  # below it, what is heard is not what was said
CONNECTING_S: Final = 30.0
SPEECH_S: Final = 10.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    seconds: float
    rounds: int
    seed: int


Round = Mapping[str, Delay]  # by road


def main() -> int:
    """Measure both in turns, print rounds, tables and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench added-latency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="on the bad road (6)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the first round (1)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.seconds, wish.rounds) <= 0:
        parser.error("seconds and rounds are more than nothing")
    turn_s = CONNECTING_S + SETTLE_S + wish.seconds + RECOVER_S + AFTER_S + FLUSH_S
    return finish(partial(bench, wish), SPEECH_S + 2 * wish.rounds * turn_s, NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds; show every comparison but the one that is returned."""
    ours: list[Round] = []
    peer: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name:
        folder = Path(name)
        make_speech(folder / "speech")

        def turn(start: Start, done: list[Round]) -> Round:
            return _measure(wish, folder, start, wish.seed + len(done))

        sides = (partial(turn, our_node, ours), partial(turn, janus_bridge, peer))
        for mine, other in in_turns(wish.rounds, *sides):
            ours.append(mine)
            peer.append(other)
    for road in ROADS:
        if road != CLEAN:
            _show_also(_compare(f"{NAME} {road}", _rough(ours, road), _rough(peer, road)))
    after = [[each["5 % loss"].after_ms for each in side] for side in (ours, peer)]
    _show_also(_compare(f"{NAME} after the loss", *after))
    return _compare(NAME, _rough(ours, CLEAN), _rough(peer, CLEAN))


def _measure(wish: Wish, folder: Path, start: Start, seed: int) -> Round:
    """Start a server; let three people speak on three roads in three rooms at once."""
    log = folder / "peers.log"
    with ExitStack() as stack:
        server = start(stack, folder)
        talks = {}
        for door, (road, (jitter_ms, loss)) in zip(server.doors, ROADS.items(), strict=True):
            words = [door.text(), str(folder / "speech"), "--seed", str(seed)]
            words += ["--jitter-ms", str(jitter_ms), "--loss", str(loss)]
            words += ["--seconds", str(wish.seconds)]
            talks[road] = stack.enter_context(peers("mouth_to_ear", *words, log=log))
        delays = {road: next_word(talk, Delay, log) for road, talk in talks.items()}
    _show(server, delays, seed)
    return delays


def _show(server: Server, delays: Round, seed: int) -> None:
    for road, delay in delays.items():
        sys.stdout.write(
            f"seed {seed}  {server.name}, {road}: {delay.rough_ms:.1f} ms, "
            f"{delay.after_ms:.1f} ms afterwards; likeness {delay.alike:.2f}, "
            f"{delay.lost} packets lost on the road\n"
        )
        if delay.alike < LEAST_ALIKE:
            raise Trouble(f"{server.name}, {road}: what is heard is not what was said.")
    sys.stdout.flush()


def _rough(rounds: Sequence[Round], road: str) -> list[float]:
    return [each[road].rough_ms for each in rounds]


def _compare(name: str, ours: Sequence[float], peer: Sequence[float]) -> Comparison:
    return Comparison(name, "Janus AudioBridge", UNIT, Better.LOWER, ours, peer)


def _show_also(comparison: Comparison) -> None:
    sys.stdout.write(f"\n{comparison.table()}\n{comparison.last_line()}\n")


if __name__ == "__main__":
    sys.exit(main())
