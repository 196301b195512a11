"""A delay is found where there is one; otherwise the bench's figures mean nothing."""

import shutil
import socket
import time
from pathlib import Path

import numpy as np
import pytest

from bench import added_latency
from bench.light_peers.delay import Recording, delays, median_ms
from bench.light_peers.mouth_to_ear import Delay
from bench.light_peers.relay import Fate, Relay, Road
from bench.light_peers.speaker import rtp_packet
from bench.light_peers.speech import FRAME_S, make_speech, read_speech
from bench.media_servers import Server
from spaces_project.launcher.trouble import Trouble

SOUND = rtp_packet(7, 42, b"sound")
CHECK = bytes.fromhex("0001000000000000") + bytes(12)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[float, bytes]]:
    assert shutil.which("espeak-ng"), "apt-get install espeak-ng"
    file: Path = tmp_path_factory.mktemp("speech") / "speech"
    make_speech(file)
    payloads = read_speech(file)[:400]
    return [(at * FRAME_S, rtp_packet(at, 42, payload)) for at, payload in enumerate(payloads)]


def test_a_delay_is_found_and_when_it_changed(said: list[tuple[float, bytes]]) -> None:
    heard = [(at + (0.07 if at < 4 else 0.11), packet) for at, packet in said]

    parts = delays(Recording.decoded(said), Recording.decoded(heard))

    assert median_ms(parts, 0, 4) == pytest.approx(70, abs=0.5)
    assert median_ms(parts, 4, 8) == pytest.approx(110, abs=0.5)
    assert min(part.alike for part in parts if part.said_at != 3.5) > 0.99


def test_something_else_is_not_taken_for_what_was_said(said: list[tuple[float, bytes]]) -> None:
    other = [(at, packet) for (at, _), (_, packet) in zip(said, reversed(said), strict=True)]

    parts = delays(Recording.decoded(said), Recording.decoded(other))

    assert np.median([part.alike for part in parts]) < added_latency.LEAST_ALIKE


def test_a_delay_at_a_time_when_nothing_was_said_is_none() -> None:
    with pytest.raises(ValueError, match="nothing was heard"):
        median_ms([], 0, 9)


def test_the_same_seed_is_the_same_road() -> None:
    def fates(seed: int) -> list[float | None]:
        fate = Fate(Road(jitter_ms=30, loss=0.05, seed=seed))
        return [fate.due(number * FRAME_S) for number in range(2000)]

    went_on = [due for due in fates(1) if due is not None]
    held_s = [due - at * FRAME_S for at, due in enumerate(fates(1)) if due is not None]
    assert fates(1) == fates(1) != fates(2)
    assert 60 < 2000 - len(went_on) < 140
    assert went_on == sorted(went_on)
    assert 0 <= min(held_s) < 0.01
    assert 0.02 < max(held_s) <= 0.03


def test_a_relay_loses_sound_and_nothing_else() -> None:
    relay, (peer, server) = Relay(Road(loss=1.0)), (_a_socket(), _a_socket())
    relay.open(peer.getsockname()[1], server.getsockname()[1])

    def passes(datagram: bytes) -> bool:
        peer.sendto(datagram, ("127.0.0.1", relay.inner_port))
        try:
            return server.recv(100) == datagram
        except TimeoutError:
            return False

    assert passes(SOUND), "the road is good until it is told not to be"
    relay.is_rough.set()
    server.settimeout(0.2)
    assert not passes(SOUND)
    assert relay.lost == 1
    server.settimeout(5)
    assert passes(CHECK)
    server.sendto(b"back", ("127.0.0.1", relay.outer_port))
    assert peer.recv(100) == b"back"


def test_a_relay_holds_back_as_its_road_says() -> None:
    relay, (peer, server) = Relay(Road(jitter_ms=400, seed=3)), (_a_socket(), _a_socket())
    relay.open(peer.getsockname()[1], server.getsockname()[1])
    relay.is_rough.set()
    fate = Fate(Road(jitter_ms=400, seed=3))
    began = time.monotonic()
    due = [fate.due(began) for _ in range(5)]

    for number in range(5):
        peer.sendto(SOUND + bytes([number]), ("127.0.0.1", relay.inner_port))
    arrived = [(server.recv(100)[-1], time.monotonic()) for _ in range(5)]

    assert [number for number, _ in arrived] == list(range(5))
    assert all(at >= wanted for (_, at), wanted in zip(arrived, due, strict=True) if wanted)


def test_what_is_not_alike_gets_no_figure() -> None:
    server = Server("a server", 0, ())
    good = Delay(rough_ms=30, after_ms=30, alike=0.9, lost=0)
    added_latency._show(server, {"clean": good}, 1)

    with pytest.raises(Trouble, match="not what was said"):
        added_latency._show(server, {"clean": Delay(30, 30, 0.3, 0)}, 1)


def _a_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind(("127.0.0.1", 0))
    opened.settimeout(5)
    return opened
