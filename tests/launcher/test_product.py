"""The real product: it starts, its parts come back when they are killed, it leaves nothing."""

import os
import signal
import time
from collections.abc import Callable
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


def test_a_second_start_is_quick(tmp_path: Path) -> None:
    with running(tmp_path / "home"):
        pass
    started = time.monotonic()
    with running(tmp_path / "home") as product:
        took_s = time.monotonic() - started
        assert is_ready(product)

    print(f"warm start {took_s:.1f} s")
    assert took_s <= WARM_START_S


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
def test_nothing_is_left_when_the_launcher_ends(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path / "home", "--no-demo") as product:
        pids = product.pids
        os.kill(product.launcher_pid, how)

        assert eventually(lambda: not any(map(is_alive, pids.values())), BACK_S), pids

    assert set(pids) == {"postgres", "keys", "web", "media", "followers"}
