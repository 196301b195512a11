"""From a commit to all clients: two web processes that follow one PostgreSQL, beside Socket.IO.

A third process appends events to a room at a steady rate; each web process has half of the room's
sockets and hears of the events by the database alone. The peer is two processes of Socket.IO with
its Redis adapter and a publisher that sends as many messages of the same size.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from bench import socketio_peers
from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns
from bench.house import House, house
from bench.socket_crowd import NEEDED as CROWD_NEEDS
from bench.socket_crowd import Crowd, crowd
from bench.socket_crowd.conversation import Conversation, conversing
from bench.socketio_peers import SOCKETIO, Cluster, socketio
from bench.web_house import TOKEN_LIVES, Evening, fill, our_web
from spaces_project.launcher.trouble import Trouble

NAME: Final = "socket-pg"
UNIT: Final = "CPU us of both servers per delivered message"
PEER: Final = f"socket.io {SOCKETIO} with Redis"
NEEDED: Final = {**CROWD_NEEDS, **socketio_peers.NEEDED}
PROCESSES: Final = 2
WARMING_S: Final = 1.0
STARTING_S: Final = 60.0
DELIVERED_WITHIN_S: Final = 10.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    sockets: int
    rate: float
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Sent:
    """When messages set out, by their numbers: asked for, and committed where that is told."""

    began_ns: Mapping[int, int]
    committed_ns: Mapping[int, int]


@dataclass(frozen=True)
class Side:
    """Servers, their crowds, and how messages are sent at a rate for so many seconds."""

    name: str
    pids: Sequence[int]
    crowds: Sequence[Crowd]
    send: Callable[[float, float], Sent]


@dataclass(frozen=True)
class Measure:
    """One side of one round."""

    cpu_us: float
    size: int


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench socket-pg", description=__doc__)
    parser.add_argument("--sockets", type=int, default=250, help="of each process (250)")
    parser.add_argument("--rate", type=float, default=20.0, help="events a second (20)")
    parser.add_argument("--seconds", type=float, default=6.0, help="counted in each round (6)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.sockets, wish.rate, wish.seconds, wish.rounds) <= 0:
        parser.error("sockets, rate, seconds and rounds are more than nothing")
    turn_s = wish.seconds + WARMING_S + 3
    return finish(partial(bench, wish), STARTING_S + 2 * (wish.rounds + 1) * turn_s, NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds."""
    ours: list[float] = []
    peer: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spaces-bench-")))
        home = stack.enter_context(house(folder))
        mine = _our_side(wish, stack, home, folder)
        size = measure(wish, mine).size  # also warms up what prepares itself
        other = _peer_side(wish, stack, folder, size)
        measure(wish, other)  # V8 has to warm up as well
        sides = (partial(measure, wish, mine), partial(measure, wish, other))
        for first, second in in_turns(wish.rounds, *sides):
            ours.append(first.cpu_us)
            peer.append(second.cpu_us)
    return Comparison(NAME, PEER, UNIT, Better.LOWER, ours, peer)


def _our_side(wish: Wish, stack: ExitStack, home: House, folder: Path) -> Side:
    evening = fill(1, 0)
    path = f"/ws/v1/rooms/{evening.room}"
    webs = [stack.enter_context(our_web(home, folder, f"ours-{n}")) for n in range(PROCESSES)]
    crowds = [
        stack.enter_context(crowd(_folder(folder, web.name), web.port, path, _hellos(wish)))
        for web in webs
    ]
    appender = stack.enter_context(_appending(home, evening, folder))
    return Side("ours", [web.process.pid for web in webs], crowds, partial(_append, appender))


@contextmanager
def _appending(home: House, evening: Evening, folder: Path) -> Iterator[Conversation]:
    words = ["-m", "bench.web_house.appender", str(evening.room_id), str(evening.host_id)]
    log = folder / "appender.log"
    with conversing([sys.executable, *words], log, {**os.environ, **home.environment}) as talk:
        talk.read()  # that it is ready
        yield talk


def _append(appender: Conversation, rate: float, seconds: float) -> Sent:
    said = json.loads(appender.ask(f"{rate} {seconds}"))
    began = {int(seq): at[0] for seq, at in said.items()}
    return Sent(began, {int(seq): at[1] for seq, at in said.items()})


def _peer_side(wish: Wish, stack: ExitStack, folder: Path, size: int) -> Side:
    cluster = stack.enter_context(socketio(folder, PROCESSES))
    hellos = [socketio_peers.HELLO] * wish.sockets
    crowds = [
        stack.enter_context(
            crowd(_folder(folder, f"peer-{n}"), port, socketio_peers.PATH, hellos, socketio=True)
        )
        for n, (_, port) in enumerate(cluster.servers)
    ]
    send = Publishing(cluster, size)
    return Side(PEER, [pid for pid, _ in cluster.servers], crowds, send)


class Publishing:
    """Numbers the messages on, from round to round."""

    def __init__(self, cluster: Cluster, size: int) -> None:
        self._cluster = cluster
        self._size = size
        self._next = 1

    def __call__(self, rate: float, seconds: float) -> Sent:
        """Publish and return when."""
        sent = self._cluster.publish(self._next, rate, seconds, self._size)
        self._next += len(sent)
        return Sent(sent, sent)


def measure(wish: Wish, side: Side) -> Measure:
    """Let messages come for a while; weigh the servers until the last one has arrived.

    :raises Trouble: if one message was lost, doubled or out of order.
    """
    for each in side.crowds:
        each.reset()
    side.send(wish.rate, WARMING_S)
    for each in side.crowds:
        each.wait_for(round(wish.rate * WARMING_S) * wish.sockets, 2)
        each.reset()
    before_s = sum(cpu_seconds(pid) for pid in side.pids)
    sent = side.send(wish.rate, wish.seconds)
    wanted = len(sent.began_ns) * wish.sockets
    counts = [each.wait_for(wanted, DELIVERED_WITHIN_S) for each in side.crowds]
    spent_s = sum(cpu_seconds(pid) for pid in side.pids) - before_s
    for count in counts:
        if (count.messages, count.gaps, count.repeats, count.closed) != (wanted, 0, 0, 0):
            raise Trouble(f"{side.name}: not everything arrived once and in order: {count}")
    asked = [each.latencies_ms(sent.began_ns) for each in side.crowds]
    committed = [each.latencies_ms(sent.committed_ns) for each in side.crowds]
    found = Measure(
        spent_s * 1e6 / sum(count.messages for count in counts), counts[0].bytes // wanted
    )
    sys.stdout.write(
        f"{side.name}: {found.cpu_us:.1f} us a message of {found.size} bytes, {len(side.crowds)} x"
        f" {wish.sockets} sockets; commit to client p50 {max(c.p50_ms for c in committed):.1f} ms,"
        f" p99 {max(c.p99_ms for c in committed):.1f} ms; asked to client"
        f" p50 {max(a.p50_ms for a in asked):.1f} ms, p99 {max(a.p99_ms for a in asked):.1f} ms\n"
    )
    sys.stdout.flush()
    return found


def _hellos(wish: Wish) -> list[str]:
    from spaces_project.kernel.authentication import issue_token  # noqa: PLC0415 - settings first

    tokens = [issue_token(uuid4(), frozenset(), TOKEN_LIVES) for _ in range(wish.sockets)]
    return [json.dumps({"type": "auth", "token": token}) for token in tokens]


def _folder(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


if __name__ == "__main__":
    sys.exit(main())
