"""The real product: it starts, its parts come back when they are killed, it leaves nothing."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from spaces_project.launcher.readiness import answers
from tests.product import Product, running

pytestmark = pytest.mark.alone

WARM_START_S = 20.0  # at most 4 on an idle machine; this one may be busy with other work
BACK_S = 20.0
PROGRAMS = ("web", "media", "followers", "demo_speaker")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "(zombie)" not in Path(f"/proc/{pid}/status").read_text("ascii")


def eventually(condition: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_ready(product: Product) -> bool:
    return answers(int(product.base_url.rpartition(":")[2]))


@dataclass(frozen=True)
class Life:
    """One start and one end of a product on the same folder."""

    took_s: float
    ready: bool
    pids: dict[str, int]
    left: list[str]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> dict[signal.Signals, Life]:
    """Two lives of one product with its demo: the first is told to end, the second is killed."""
    home = tmp_path_factory.mktemp("lives") / "home"
    return {how: live(home, how) for how in (signal.SIGTERM, signal.SIGKILL)}


def live(home: Path, how: signal.Signals) -> Life:
    started = time.monotonic()
    with running(home) as product:
        took_s, ready, pids = time.monotonic() - started, is_ready(product), product.pids
        os.kill(product.launcher_pid, how)
        eventually(lambda: not any(map(is_alive, pids.values())), BACK_S)
        return Life(took_s, ready, pids, [name for name, pid in pids.items() if is_alive(pid)])


def test_a_second_start_is_quick(lives: dict[signal.Signals, Life]) -> None:
    second = lives[signal.SIGKILL]

    print(f"warm start {second.took_s:.1f} s")
    assert second.ready
    assert second.took_s <= WARM_START_S


def test_whatever_is_killed_comes_back(product: Product) -> None:
    for name in ("web", "media", "followers", "postgres", "keys"):
        before = product.kill(name)
        product.wait_until_back(name, instead_of=before)

    assert eventually(lambda: is_ready(product), BACK_S), product.lines()
    assert eventually(lambda: set(PROGRAMS) <= set(product.pids), BACK_S), product.lines()


def test_each_person_of_the_demo_has_a_link(product: Product) -> None:
    assert len(product.links) >= 3
    assert all(link["url"].startswith(product.base_url) for link in product.links)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_launcher_ends(
    lives: dict[signal.Signals, Life], how: signal.Signals
) -> None:
    assert set(lives[how].pids) == {"postgres", "keys", *PROGRAMS}
    assert lives[how].left == []
