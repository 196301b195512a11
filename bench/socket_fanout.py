"""Server CPU of one message to one of a room's 1,000 sockets, beside Node's ws sending the same.

Ours is the whole way of the product: a command is committed, the web process reads it from the log,
decrypts it, announces it and sends it. The peer and the bare loop in C are told the finished frame.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import live_room, socket_peers
from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns
from bench.house import House, house
from bench.socket_crowd import Crowd, crowd
from spaces_project.launcher.trouble import Trouble

NAME: Final = "socket-fanout"
UNIT: Final = "server CPU us per delivered message"
EVERY_S: Final = 0.1  # an event
AT_ONCE: Final = 100  # events of the saturated part
SATURATED_FROM: Final = 1_000_000  # their seq, where the peers count
SETTLING_S: Final = 1.0
PATIENCE_S: Final = 15.0
STARTING_S: Final = 15.0
HOUSE_S: Final = 30.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    sockets: int
    seconds: float
    rounds: int

    @property
    def events(self) -> int:
        """How many, one by one."""
        return max(1, int(self.seconds / EVERY_S))


@dataclass(frozen=True)
class Side:
    """A server that runs, and how to make it send.

    ``say`` lets one thing happen and returns its seq and when it had happened (ns); ``say_many``
    as many as ``AT_ONCE`` together.
    """

    name: str
    pid: int
    port: int
    path: str
    say: Callable[[], tuple[int, int]]
    say_many: Callable[[], object]


@dataclass(frozen=True)
class Measure:
    """One side of one round."""

    name: str
    cpu_us: float
    p50_ms: float
    p99_ms: float
    frame_bytes: int
    saturated_per_s: float  # deliveries in a second of CPU time
    connect_ms: float  # CPU time of the server for one connection, until its first frame
    connection_kib: float


def main() -> int:
    """Measure all in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench socket-fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000, help="in the room (1000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of ten events each (4)")
    parser.add_argument("--rounds", type=int, default=3, help="of all sides (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.sockets, wish.seconds, wish.rounds) <= 0:
        parser.error("sockets, seconds and rounds are more than nothing")
    turn_s = STARTING_S + wish.seconds + PATIENCE_S
    return finish(partial(bench, wish), HOUSE_S + 3 * wish.rounds * turn_s, socket_peers.NEEDED)


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
        frame_bytes = [0]

        def mine() -> Measure:
            with our_web(ourselves, folder, room) as side:
                found = measure(side, wish, folder, hellos)
            frame_bytes[0] = found.frame_bytes
            return found

        def other(start: Callable[[Path], AbstractContextManager[socket_peers.Peer]]) -> Measure:
            with start(folder) as running, crowd_peer(running, frame_bytes[0]) as side:
                return measure(side, wish, folder, hellos)

        for one, two in in_turns(wish.rounds, mine, partial(other, socket_peers.node_ws)):
            ours.append(one)
            peer.append(two)
            for each in (one, two, other(socket_peers.floor)):
                _show(len(ours), each)
    return Comparison(
        bench=NAME,
        peer_name=peer[0].name,
        unit=UNIT,
        better=Better.LOWER,
        ours=[each.cpu_us for each in ours],
        peer=[each.cpu_us for each in peer],
    )


@contextmanager
def our_web(ourselves: House, folder: Path, room: live_room.LiveRoom) -> Iterator[Side]:
    """Run a web process of the product; what happens, happens by commands."""

    def say() -> tuple[int, int]:
        return room.go_on(), time.monotonic_ns()

    with live_room.serving(ourselves, folder) as web:
        yield Side("ours", web.pid, web.port, room.path, say, partial(room.leap, AT_ONCE))


@contextmanager
def crowd_peer(peer: socket_peers.Peer, frame_bytes: int) -> Iterator[Side]:
    """Let a peer send frames of the same size and shape."""
    sent = [0]

    def say() -> tuple[int, int]:
        sent[0] += 1
        return sent[0], peer.broadcast(_frame(sent[0], frame_bytes))

    def say_many() -> None:
        for seq in range(SATURATED_FROM, SATURATED_FROM + AT_ONCE):
            peer.broadcast(_frame(seq, frame_bytes))

    yield Side(peer.name, peer.talk.pid, peer.port, "/", say, say_many)


def measure(side: Side, wish: Wish, folder: Path, hellos: list[str]) -> Measure:
    """Fill a room; weigh the server while things happen one by one, then while many happen."""
    cpu_s, memory_kib = cpu_seconds(side.pid), live_room.private_kib(side.pid)
    with crowd(folder, side.port, side.path, hellos) as many:
        connect_ms = (cpu_seconds(side.pid) - cpu_s) * 1000 / wish.sockets
        connection_kib = (live_room.private_kib(side.pid) - memory_kib) / wish.sockets
        time.sleep(SETTLING_S)
        many.reset()
        cpu_s, happened = cpu_seconds(side.pid), {}
        for _ in range(wish.events):
            began = time.monotonic()
            seq, at = side.say()
            happened[seq] = at
            time.sleep(max(0.0, began + EVERY_S - time.monotonic()))
        counts = _all_there(side.name, many, wish.sockets * wish.events)
        cpu_us = (cpu_seconds(side.pid) - cpu_s) * 1e6 / counts[0]
        latencies = many.latencies_ms(happened)
        many.reset()
        cpu_s = cpu_seconds(side.pid)
        side.say_many()
        _all_there(side.name, many, wish.sockets * AT_ONCE)
        saturated = wish.sockets * AT_ONCE / max(cpu_seconds(side.pid) - cpu_s, 0.01)
    return Measure(
        name=side.name,
        cpu_us=cpu_us,
        p50_ms=latencies.p50_ms,
        p99_ms=latencies.p99_ms,
        frame_bytes=counts[1] // counts[0],
        saturated_per_s=saturated,
        connect_ms=connect_ms,
        connection_kib=connection_kib,
    )


def _all_there(name: str, many: Crowd, wanted: int) -> tuple[int, int]:
    """Wait for every message; refuse the figures of a server that lost or doubled one."""
    counts = many.wait_for(wanted, PATIENCE_S)
    if counts.messages != wanted or counts.gaps or counts.repeats or counts.closed:
        raise Trouble(f"{name}: {wanted} messages were due, but {counts}.")
    return counts.messages, counts.bytes


def _frame(seq: int, size: int) -> str:
    """Return a frame of a room's event, padded to the size of a real one."""
    bare = f'{{"type":"speaker.muted","seq":{seq},"data":{{"name":""}}}}'
    return bare.replace('"name":""', f'"name":"{"x" * (size - len(bare))}"')


def _show(number: int, measure: Measure) -> None:
    sys.stdout.write(
        f"round {number}  {measure.name}: {measure.cpu_us:.2f} us a message of "
        f"{measure.frame_bytes} bytes, p50 {measure.p50_ms:.1f} ms, p99 {measure.p99_ms:.1f} ms; "
        f"{AT_ONCE} events at once: {measure.saturated_per_s:,.0f} deliveries per CPU second; "
        f"connecting {measure.connect_ms:.2f} ms CPU and {measure.connection_kib:.1f} KiB each\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
