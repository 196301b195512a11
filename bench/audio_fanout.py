"""Server CPU of one talking room per listener and second, beside Janus with the same speech.

Ours decodes, mixes, encodes, encrypts and sends. Janus Streaming encrypts and sends only, which is
the least that any server can do. Janus AudioBridge does what ours does, but for each listener anew.
All get the same speech and the same listeners, in turns.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import janus
from bench.harness import Better, Comparison, cpu_seconds, finish, next_word
from bench.light_peers.crowd import Connected, Heard
from bench.light_peers.speech import make_speech
from bench.media_servers import Start, janus_bridge, janus_streaming, our_node, peers
from spaces_project.launcher.trouble import Trouble

NAME: Final = "audio-fanout"
UNIT: Final = "server CPU ms per listener-second"
NEEDED: Final = {**janus.NEEDED, "espeak-ng": ("espeak-ng",)}
SIZES: Final = (200, 400, 1000)
JUDGED: Final = 400  # listeners; the last line is about this size, if it was measured
BRIDGED: Final = 100  # AudioBridge needs 0.8 of a core for so many
MOST_LOST: Final = 0.02  # of all packets; a server that loses more has not done the work
MOST_UNREADABLE: Final = 0.01
JOINING_S: Final = 0.06  # one listener, on a busy machine
STARTING_S: Final = 8.0
SPEECH_S: Final = 10.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    listeners: Sequence[int]
    bridged: int
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Measure:
    """One server in one round with so many listeners."""

    server: str
    listeners: int
    cpu_ms: float
    heard: Heard
    profile: str


def main() -> int:
    """Measure all in turns, print rounds, tables and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench audio-fanout", description=__doc__)
    sizes = " ".join(map(str, SIZES))
    parser.add_argument("--listeners", type=int, nargs="+", default=SIZES, help=f"({sizes})")
    parser.add_argument(
        "--bridged", type=int, default=BRIDGED, help=f"listeners of AudioBridge, or 0 ({BRIDGED})"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="counted at each size (3)")
    parser.add_argument("--rounds", type=int, default=3, help="of all servers each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(*wish.listeners, wish.seconds, wish.rounds) <= 0 or wish.bridged < 0:
        parser.error("listeners, seconds and rounds are more than nothing")
    return finish(partial(bench, wish), SPEECH_S + wish.rounds * _round_s(wish), NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds; show every comparison but the one that is returned."""
    turns: list[tuple[Start, Sequence[int]]] = [
        (our_node, sorted({*wish.listeners, *([wish.bridged] if wish.bridged else [])})),
        (janus_streaming, sorted(wish.listeners)),
    ]
    if wish.bridged:
        turns.append((janus_bridge, [wish.bridged]))
    measured: dict[Start, list[Measure]] = {start: [] for start, _ in turns}
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name:
        folder = Path(name)
        make_speech(folder / "speech")
        for number in range(1, wish.rounds + 1):
            for start, sizes in turns:
                for measure in _measure(start, sizes, wish.seconds, folder):
                    measured[start].append(measure)
                    _show(number, measure)
    ours = measured[our_node]
    judged = JUDGED if JUDGED in wish.listeners else max(wish.listeners)
    for size in sorted({*wish.listeners} - {judged}):
        _show_also(_compare(f"{NAME} {size} listeners", size, ours, measured[janus_streaming]))
    if wish.bridged:
        name = f"{NAME} AudioBridge"
        _show_also(_compare(name, wish.bridged, ours, measured[janus_bridge]))
    return _compare(NAME, judged, ours, measured[janus_streaming])


def _round_s(wish: Wish) -> float:
    counting_s = wish.seconds * len(wish.listeners)
    streaming_s = STARTING_S + counting_s + JOINING_S * max(wish.listeners)
    return 2 * streaming_s + 2 * (wish.seconds + STARTING_S + JOINING_S * wish.bridged)


def _measure(start: Start, sizes: Sequence[int], seconds: float, folder: Path) -> list[Measure]:
    """Start a server, a speaker and the listeners; weigh the server while they listen."""
    log, found = folder / "peers.log", []
    with ExitStack() as stack:
        server = start(stack, folder)
        door = server.door.text()
        stack.enter_context(peers("speaker", door, str(folder / "speech"), log=log))
        words = ("--seconds", str(seconds), "--sizes", *map(str, sizes))
        crowd = stack.enter_context(peers("listeners", door, *words, log=log))
        for size in sizes:
            connected = next_word(crowd, Connected, log)
            began, before_s = time.monotonic(), cpu_seconds(server.pid)
            heard = next_word(crowd, Heard, log)
            spent_s, took_s = cpu_seconds(server.pid) - before_s, time.monotonic() - began
            _must_be_worth_something(server.name, heard, size)
            cpu_ms = spent_s * 1000 / size / took_s
            found.append(Measure(server.name, size, cpu_ms, heard, connected.profile))
    return found


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


def _compare(name: str, size: int, ours: Sequence[Measure], peer: Sequence[Measure]) -> Comparison:
    return Comparison(
        bench=name,
        peer_name=peer[0].server,
        unit=f"{UNIT}, {size} listeners",
        better=Better.LOWER,
        ours=[measure.cpu_ms for measure in ours if measure.listeners == size],
        peer=[measure.cpu_ms for measure in peer if measure.listeners == size],
    )


def _show(number: int, measure: Measure) -> None:
    heard = measure.heard
    sys.stdout.write(
        f"round {number}  {measure.server}, {measure.listeners} listeners: "
        f"{measure.cpu_ms:.3f} ms ({measure.cpu_ms * measure.listeners / 1000:.2f} cores), "
        f"{heard.packets_each:.1f} packets a listener (least {heard.least_packets}), "
        f"{heard.lost} lost, {heard.decrypted} decrypted ({measure.profile}), "
        f"speech at {heard.rms_dbov:.0f} dBov\n"
    )
    sys.stdout.flush()


def _show_also(comparison: Comparison) -> None:
    sys.stdout.write(f"\n{comparison.table()}\n{comparison.last_line()}\n")


if __name__ == "__main__":
    sys.exit(main())
