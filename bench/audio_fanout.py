"""Server CPU of one talking room per listener and second, beside Janus forwarding the same speech.

Ours decodes, mixes, encodes, encrypts and sends; Janus Streaming encrypts and sends only, which is
the least that any server can do. Both get the same speech and the same listeners, in turns.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import janus, media_node
from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns, next_word, running
from bench.light_peers.listeners import Connected, Heard
from bench.light_peers.speech import make_speech
from spaces_project.launcher.children import ChildProcess
from spaces_project.launcher.trouble import Trouble

NAME: Final = "audio-fanout"
UNIT: Final = "server CPU ms per listener-second"
NEEDED: Final = {**janus.NEEDED, "espeak-ng": ("espeak-ng",)}
MOST_LOST: Final = 0.02  # of all packets; a server that loses more has not done the work
MOST_UNREADABLE: Final = 0.01
JOINING_S: Final = 0.06  # one listener, on a busy machine
STARTING_S: Final = 8.0
SPEECH_S: Final = 10.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    listeners: int
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Measure:
    """One side of one round."""

    server: str
    cpu_ms: float
    heard: Heard
    profile: str


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench audio-fanout", description=__doc__)
    parser.add_argument("--listeners", type=int, default=200, help="of one room (200)")
    parser.add_argument("--seconds", type=float, default=5.0, help="counted in each round (5)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.listeners, wish.seconds, wish.rounds) <= 0:
        parser.error("listeners, seconds and rounds are more than nothing")
    turn_s = wish.seconds + wish.listeners * JOINING_S + STARTING_S
    return finish(partial(bench, wish), SPEECH_S + 2 * wish.rounds * turn_s, NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds."""
    ours, peer = [], []
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name:
        folder = Path(name)
        make_speech(folder / "speech")
        sides = (
            partial(_measure, wish, folder, _our_node),
            partial(_measure, wish, folder, _janus),
        )
        for mine, other in in_turns(wish.rounds, *sides):
            ours.append(mine)
            peer.append(other)
            _show(len(ours), mine)
            _show(len(ours), other)
    return Comparison(
        bench=NAME,
        peer_name=peer[0].server,
        unit=UNIT,
        better=Better.LOWER,
        ours=[measure.cpu_ms for measure in ours],
        peer=[measure.cpu_ms for measure in peer],
    )


@dataclass(frozen=True)
class Side:
    """A server that runs, and how the speaker and the listeners reach it."""

    server: str
    pid: int
    speaker: tuple[str, ...]
    listeners: tuple[str, ...]


def _our_node(stack: ExitStack, folder: Path) -> Side:
    pid, address = stack.enter_context(media_node.serving(folder))
    return Side(
        server="ours",
        pid=pid,
        speaker=("whip", address.url("whip"), address.speaker),
        listeners=("whep", address.url("whep")),
    )


def _janus(stack: ExitStack, folder: Path) -> Side:
    pid, address = stack.enter_context(janus.serving(folder))
    return Side(
        server=f"Janus Streaming {address.version} (tuned)",
        pid=pid,
        speaker=("rtp", f"127.0.0.1:{address.rtp}", "-"),
        listeners=("janus", address.url),
    )


def _measure(wish: Wish, folder: Path, start: Callable[[ExitStack, Path], Side]) -> Measure:
    """Start a server, a speaker and the listeners; weigh the server while they listen."""
    log = folder / "peers.log"
    with ExitStack() as stack:
        side = start(stack, folder)
        speech = str(folder / "speech")
        stack.enter_context(_peers("speaker", *side.speaker, speech, log=log))
        size = ("--listeners", str(wish.listeners), "--seconds", str(wish.seconds))
        crowd = stack.enter_context(_peers("listeners", *side.listeners, *size, log=log))
        connected = next_word(crowd, Connected, log)
        began, before_s = time.monotonic(), cpu_seconds(side.pid)
        heard = next_word(crowd, Heard, log)
        spent_s, took_s = cpu_seconds(side.pid) - before_s, time.monotonic() - began
    _must_be_worth_something(side.server, heard, wish.listeners)
    return Measure(
        server=side.server,
        cpu_ms=spent_s * 1000 / wish.listeners / took_s,
        heard=heard,
        profile=connected.profile,
    )


def _peers(program: str, *words: str, log: Path) -> AbstractContextManager[ChildProcess]:
    return running(program, [sys.executable, "-m", f"bench.light_peers.{program}", *words], log=log)


def _must_be_worth_something(server: str, heard: Heard, listeners: int) -> None:
    """Refuse figures of a server that did not do the work."""
    sent = listeners * heard.packets_each + heard.lost
    if not heard.is_speech:
        raise Trouble(
            f"{server}: what the listeners heard is no speech "
            f"({heard.rms_dbov:.0f} dBov, range {heard.range_db:.0f} dB)."
        )
    if heard.lost > MOST_LOST * sent:
        raise Trouble(f"{server}: {heard.lost} of {sent:.0f} packets were lost.")
    if heard.unreadable > MOST_UNREADABLE * (heard.decrypted + heard.unreadable):
        raise Trouble(f"{server}: {heard.unreadable} packets could not be decrypted.")


def _show(number: int, measure: Measure) -> None:
    heard = measure.heard
    sys.stdout.write(
        f"round {number}  {measure.server}: {measure.cpu_ms:.3f} ms, "
        f"{heard.packets_each:.1f} packets a listener (least {heard.least_packets}), "
        f"{heard.lost} lost, {heard.decrypted} decrypted ({measure.profile}), "
        f"speech at {heard.rms_dbov:.0f} dBov\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
