"""The crowd counts what came, and its peers send what they are told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import socket_crowd
from bench.socket_crowd import crowd
from bench.socket_crowd.conversation import conversing
from bench.socket_peers import WS, Peer, floor
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.packages import ensure_packages
from spaces_project.launcher.trouble import Trouble

SOCKETS = 20
HELLO = '{"type":"auth"}'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Peer]:
    """The smallest server there is."""
    ensure_packages(socket_crowd.NEEDED)
    with floor(tmp_path) as peer:
        yield peer


def said(seq: int) -> str:
    return json.dumps({"type": "said", "seq": seq, "words": "x" * 300})


def test_every_message_is_counted_once_for_each_socket(server: Peer, tmp_path: Path) -> None:
    with crowd(tmp_path, server.port, "/", [HELLO] * SOCKETS) as many:
        sent = {seq: server.broadcast(said(seq)) for seq in range(1, 11)}
        counts = many.wait_for(SOCKETS * 10, 10)
        latencies = many.latencies_ms(sent)

        assert (counts.messages, counts.gaps, counts.repeats, counts.closed) == (200, 0, 0, 0)
        assert counts.bytes == SOCKETS * sum(len(said(seq)) for seq in range(1, 11))
        assert 0 < latencies.p50_ms <= latencies.p99_ms


def test_what_is_missing_or_doubled_is_noticed(server: Peer, tmp_path: Path) -> None:
    with crowd(tmp_path, server.port, "/", [HELLO] * SOCKETS) as many:
        for seq in (1, 2, 4, 4):
            server.broadcast(said(seq))
        counts = many.wait_for(SOCKETS * 4, 10)

        assert (counts.gaps, counts.repeats) == (SOCKETS, SOCKETS)
        many.reset()
        assert many.count().messages == 0
        with pytest.raises(Trouble, match="Not one"):
            many.latencies_ms({})


def test_a_crowd_that_is_refused_says_so(tmp_path: Path) -> None:
    ensure_packages(socket_crowd.NEEDED)
    with (
        pytest.raises(Trouble, match="20 sockets were refused"),
        crowd(tmp_path, 9, "/", [HELLO] * SOCKETS),
    ):
        pytest.fail("nobody listens there")


def test_a_conversation_that_ends_early_is_named(tmp_path: Path) -> None:
    with (
        conversing(["sh", "-c", "echo no room left >&2"], tmp_path / "log") as talk,
        pytest.raises(Trouble, match="no room left"),
    ):
        talk.ask("hello")


def test_the_installed_peer_is_the_pinned_one() -> None:
    package = PROJECT / "bench" / "socket_peers" / "package.json"
    assert json.loads(package.read_text("utf-8"))["dependencies"] == {"ws": WS}
