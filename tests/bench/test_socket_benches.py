"""The socket benches weigh what was delivered; who did not deliver gets no figure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import echo, socket_fanout, socket_peers
from bench.socket_fanout import Side, Wish
from spaces_project.launcher.packages import ensure_packages
from spaces_project.launcher.trouble import Trouble

FRAME_BYTES = 287
HELLOS = ['{"type":"auth"}'] * 10
WISH = Wish(sockets=10, seconds=0.3, rounds=1)


def test_what_is_delivered_is_weighed(tmp_path: Path) -> None:
    ensure_packages(socket_peers.NEEDED)
    with socket_peers.floor(tmp_path) as peer, socket_fanout.crowd_peer(peer, FRAME_BYTES) as side:
        found = socket_fanout.measure(side, WISH, tmp_path, HELLOS)

    assert (found.name, found.frame_bytes) == ("send() in C", FRAME_BYTES)
    assert 0 <= found.p50_ms <= found.p99_ms
    assert found.saturated_per_s > 0


def test_a_server_that_loses_or_doubles_gets_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_packages(socket_peers.NEEDED)
    monkeypatch.setattr(socket_fanout, "PATIENCE_S", 0.3)
    with socket_peers.floor(tmp_path) as peer, socket_fanout.crowd_peer(peer, FRAME_BYTES) as side:
        for say in (silent(side), stammering(side)):
            broken = Side(side.name, side.pid, side.port, side.path, say, side.say_many)
            with pytest.raises(Trouble, match="messages were due"):
                socket_fanout.measure(broken, WISH, tmp_path, HELLOS)


def silent(side: Side) -> Callable[[], tuple[int, int]]:
    """Return a way to say nothing."""
    del side
    return lambda: (1, 0)


def stammering(side: Side) -> Callable[[], tuple[int, int]]:
    """Return a way to say everything twice."""

    def say() -> tuple[int, int]:
        side.say()
        return side.say()

    return say


def test_a_server_that_answers_no_ping_gets_no_figure(tmp_path: Path) -> None:
    ensure_packages(socket_peers.NEEDED)
    wish = echo.Wish(sockets=10, seconds=0.1, rounds=1)
    with (
        socket_peers.floor(tmp_path) as peer,
        pytest.raises(Trouble, match="answered 0 of"),
    ):
        echo.measure(peer.name, peer.talk.pid, peer.port, "/", wish, tmp_path, HELLOS)
