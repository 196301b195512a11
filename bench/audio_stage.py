"""Server CPU of a stage of twelve per participant and second, beside Janus AudioBridge.

Every microphone is open. Three people talk and nine listen, as on most stages; then all twelve
talk at once, as on none. Both servers decode twelve streams and mix; AudioBridge encodes twelve
mixes, ours one for all who are silent and one for each of the three loudest.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import janus
from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns, next_word
from bench.light_peers.crowd import Connected, Heard
from bench.light_peers.speech import QUIETEST_SPEECH_DBOV, make_noise, make_speech
from bench.media_servers import Start, janus_bridge, our_node, peers
from spaces_project.launcher.trouble import Trouble

NAME: Final = "audio-stage"
UNIT: Final = "server CPU ms per participant-second"
NEEDED: Final = {**janus.NEEDED, "espeak-ng": ("espeak-ng",)}
PEOPLE: Final = 12
TALKING: Final = (3, PEOPLE)  # the last line is about the first
MOST_LOST: Final = 0.02
TURN_S: Final = 20.0
SPEECH_S: Final = 10.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    seconds: float
    rounds: int


@dataclass(frozen=True)
class Measure:
    """One server in one round with so many talking."""

    server: str
    cpu_ms: float


def main() -> int:
    """Measure both in turns, print rounds, tables and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench audio-stage", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="counted in each round (4)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.seconds, wish.rounds) <= 0:
        parser.error("seconds and rounds are more than nothing")
    turns = 2 * len(TALKING) * wish.rounds
    return finish(partial(bench, wish), SPEECH_S + turns * (TURN_S + wish.seconds), NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds; show every comparison but the one that is returned."""
    compared = []
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name:
        folder = Path(name)
        make_speech(folder / "speech")
        make_noise(folder / "noise")
        for talking in TALKING:
            sides = [
                partial(_measure, wish, folder, start, talking)
                for start in (partial(our_node, speakers=PEOPLE), janus_bridge)
            ]
            rounds = list(in_turns(wish.rounds, *sides))
            title = NAME if talking == TALKING[0] else f"{NAME} all talking"
            compared.append(
                Comparison(
                    bench=title,
                    peer_name=rounds[0][1].server,
                    unit=f"{UNIT}, {talking} of {PEOPLE} talk",
                    better=Better.LOWER,
                    ours=[mine.cpu_ms for mine, _ in rounds],
                    peer=[other.cpu_ms for _, other in rounds],
                )
            )
    for also in compared[1:]:
        sys.stdout.write(f"\n{also.table()}\n{also.last_line()}\n")
    return compared[0]


def _measure(wish: Wish, folder: Path, start: Start, talking: int) -> Measure:
    log = folder / "peers.log"
    with ExitStack() as stack:
        server = start(stack, folder)
        words = [server.door.text(), str(folder / "speech"), str(folder / "noise")]
        words += ["--size", str(PEOPLE), "--talking", str(talking)]
        words += ["--seconds", str(wish.seconds)]
        stage = stack.enter_context(peers("participants", *words, log=log))
        next_word(stage, Connected, log)
        began, before_s = time.monotonic(), cpu_seconds(server.pid)
        heard = next_word(stage, Heard, log)
        spent_s, took_s = cpu_seconds(server.pid) - before_s, time.monotonic() - began
    _must_be_worth_something(server.name, heard)
    measure = Measure(server.name, spent_s * 1000 / PEOPLE / took_s)
    sys.stdout.write(
        f"{server.name}, {talking} of {PEOPLE} talk: {measure.cpu_ms:.2f} ms, "
        f"{heard.packets_each:.1f} packets each (least {heard.least_packets}), "
        f"{heard.lost} lost, heard at {heard.rms_dbov:.0f} dBov\n"
    )
    sys.stdout.flush()
    return measure


def _must_be_worth_something(server: str, heard: Heard) -> None:
    """Refuse figures of a server that did not do the work."""
    if heard.rms_dbov < QUIETEST_SPEECH_DBOV:
        raise Trouble(f"{server}: nobody is heard ({heard.rms_dbov:.0f} dBov).")
    if heard.lost > MOST_LOST * PEOPLE * heard.packets_each:
        raise Trouble(f"{server}: {heard.lost} packets were lost.")


if __name__ == "__main__":
    sys.exit(main())
