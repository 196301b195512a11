"""Frames go straight to the socket, and never tear, overtake, pile up or get lost."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spaces_project.kernel.sockets import connection as connections
from spaces_project.kernel.sockets.connection import BLOCKED_S, CHUNK_BYTES, SocketConnection
from spaces_project.kernel.sockets.direct import sender_of
from spaces_project.kernel.sockets.frames import text_frame
from tests.consumers.wires import GOODBYE, Wire, faults

SEEDS = 12
STEPS = 250
HANDSHAKE = {"type": "101"}  # stands for what the transport holds at first


@pytest.fixture(params=[Wire.over_tcp, Wire.over_a_pair], ids=["tcp", "pair"])
def make(request: pytest.FixtureRequest) -> Iterator[Callable[[], Wire]]:
    """Ways to make a wire; each one made is closed."""
    made: list[Wire] = []

    def one() -> Wire:
        made.append(request.param())
        return made[-1]

    yield one
    for wire in made:
        wire.close()


def test_who_keeps_up_is_served_at_once(make: Callable[[], Wire]) -> None:
    wire = make()

    wire.publish([300, 300])

    assert wire.held == 0
    assert not wire.reactor.writers  # the poller was not even asked
    wire.read_all()
    assert [frame["seq"] for frame in wire.frames()] == [1, 2]


def test_nothing_overtakes_what_the_transport_holds(make: Callable[[], Wire]) -> None:
    wire = make()
    wire.write_past(HANDSHAKE)

    wire.publish([10])
    wire.connection.send({"type": "ack"})

    wire.read_all()
    assert [frame["type"] for frame in wire.frames()] == ["101", "ack", "event"]
    assert wire.connection.cursor == 1
    assert wire.connection.blocked_since is None


def test_what_the_transport_holds_at_first_is_not_overtaken() -> None:
    plain = Wire.over_a_pair()
    plain.write_past(HANDSHAKE)
    identity, protocol = plain.connection.identity, plain.connection.protocol

    again = SocketConnection(protocol, identity)
    again.send({"type": "ack"})

    plain.read_all()
    assert [frame["type"] for frame in plain.frames()] == ["101", "ack"]
    plain.close()


def test_any_order_leaves_the_frames_whole_and_in_order(make: Callable[[], Wire]) -> None:
    for seed in range(SEEDS):
        assert faults(make(), seed, STEPS) == [], f"seed {seed}"
    print(f"seeds 0 to {SEEDS - 1}, {STEPS} steps each: no frame torn, lost, doubled or overtaken")


@pytest.mark.parametrize(
    ("where", "name", "broken"),
    [
        (SocketConnection, "hold", lambda _: None),  # direct writes overtake
        (connections, "resume_when_drained", lambda _: None),  # nobody goes on
    ],
)
def test_a_broken_way_is_found(
    make: Callable[[], Wire],
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    name: str,
    broken: Callable[[Any], Any],
) -> None:
    monkeypatch.setattr(where, name, broken)

    assert any(faults(make(), seed, STEPS) for seed in range(SEEDS))


def test_a_reader_that_stands_still_costs_at_most_one_chunk(make: Callable[[], Wire]) -> None:
    wire = make()
    most = 0
    for _ in range(60):
        wire.publish([900] * 10)
        wire.connection.send_ephemeral(text_frame({"words": "x" * 900}))
        wire.connection.offer(text_frame({"type": "pong"}))
        wire.reactor.turn()
        most = max(most, wire.held)

    assert 0 < most <= CHUNK_BYTES
    assert wire.connection.cursor < wire.channel.head
    since = wire.connection.blocked_since
    assert since is not None
    wire.connection.check(since + BLOCKED_S + 0.1)
    wire.reactor.turn()
    assert wire.connection.closed
    assert wire.transport.disconnected
    print(f"{wire.channel.head} events happened, {most} bytes waited at most")


def test_who_reads_again_gets_all_of_it(make: Callable[[], Wire]) -> None:
    wire = make()
    for _ in range(50):
        wire.publish([900] * 10)

    wire.read_all()

    assert [frame["seq"] for frame in wire.frames()] == list(range(1, 501))
    assert wire.connection.cursor == 500


def test_nothing_comes_after_the_goodbye(make: Callable[[], Wire]) -> None:
    wire = make()
    wire.connection.close(4000)

    wire.publish([10])
    wire.connection.send({"type": "ack"})

    wire.read_all()
    assert wire.frames() == [GOODBYE]


def test_a_socket_that_broke_is_given_up(make: Callable[[], Wire]) -> None:
    wire = make()
    wire.reader.close()
    wire.transport.socket.shutdown(socket.SHUT_WR)

    wire.publish([10])
    wire.reactor.turn()

    assert wire.connection.closed
    assert wire.connection.cursor == 0
    assert wire.transport.disconnected


def test_only_a_plain_connection_is_written_directly(make: Callable[[], Wire]) -> None:
    wire = make()
    assert sender_of(wire.transport) is not None
    wire.transport.TLS = True
    assert sender_of(wire.transport) is None
    wire.transport.TLS = False
    wire.transport.connected = 0
    assert sender_of(wire.transport) is None
    assert sender_of(object()) is None


async def test_whoever_waits_for_a_slow_reader_goes_on_when_it_has_read(
    make: Callable[[], Wire],
) -> None:
    wire = make()
    wire.connection.write(text_frame({"words": "x" * 50_000}))
    waiting = asyncio.ensure_future(wire.connection.drained())
    await asyncio.sleep(0)
    assert not waiting.done()

    wire.read_all()

    await asyncio.wait_for(waiting, 5)
