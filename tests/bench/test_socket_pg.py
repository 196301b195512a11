"""The bench from commit to client counts on, and refuses figures where something was lost."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from bench.socket_crowd import Counts, Latencies
from bench.socket_pg import Publishing, Sent, Side, Wish, measure
from bench.socketio_peers import SOCKETIO, Cluster
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

WISH = Wish(sockets=3, rate=10, seconds=1, rounds=1)


@dataclass
class Crowd:
    """As if all had come, but for so many."""

    lost: int = 0
    resets: int = 0

    def reset(self) -> None:
        self.resets += 1

    def wait_for(self, messages: int, within_s: float) -> Counts:
        assert within_s > 0
        return Counts(messages - self.lost, messages * 240, 0, 0, 0)

    def latencies_ms(self, sent_ns: Mapping[int, int]) -> Latencies:
        assert len(sent_ns) == 10
        return Latencies(1, 2)


def side(crowd: Crowd) -> Side:
    sent = {seq: seq for seq in range(10)}
    return Side("ours", [os.getpid()], [cast("Any", crowd)], lambda *_: Sent(sent, sent))


def test_everything_is_counted_from_after_the_warming() -> None:
    crowd = Crowd()
    found = measure(WISH, side(crowd))

    assert (found.size, crowd.resets) == (240, 2)


def test_what_was_lost_gives_no_figure() -> None:
    with pytest.raises(Trouble, match="not everything"):
        measure(WISH, side(Crowd(lost=1)))


class Publisher:
    """Answers as the publisher does."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, words: str) -> str:
        self.asked.append(words)
        first, rate, seconds, _ = (float(word) for word in words.split())
        return json.dumps({str(int(first) + n): "5" for n in range(int(rate * seconds))})


def test_messages_are_numbered_on_from_round_to_round() -> None:
    publisher = Publisher()
    send = Publishing(Cluster((), cast("Any", publisher)), size=240)

    assert list(send(10, 0.2).began_ns) == [1, 2]
    assert list(send(10, 0.2).began_ns) == [3, 4]
    assert publisher.asked[1] == "3 10 0.2 240"


def test_the_version_that_is_named_is_the_version_that_is_installed() -> None:
    package = json.loads((PROJECT / "bench/socketio_peers/package.json").read_text("utf-8"))

    assert package["dependencies"]["socket.io"] == SOCKETIO
