"""How long after its event is stored a row of a live read model is there."""

import logging
import time
from statistics import median, quantiles
from typing import Final

from django.conf import settings

from accounts import commands as accounts
from rooms import commands as rooms
from rooms.projections.directory import Directory
from spaces_project.kernel.following.runner import Runner
from spaces_project.kernel.following.waiting import wait_until_projected
from spaces_project.presets import PRESETS
from spaces_project.wiring import read_models

PAUSE_S: Final = 0.005
CATCHES_UP_WITHIN_S: Final = 60.0


def measure(events: int) -> str:
    """Follow live, store so many events one after the other, and say how long each view took."""
    settings.PRESET = PRESETS["classic"]  # everybody hosts
    runner = Runner(read_models())
    runner.start()
    try:
        deadline = time.monotonic() + CATCHES_UP_WITHIN_S
        while not runner.has_caught_up and time.monotonic() < deadline:
            time.sleep(0.01)
        host = accounts.register(handle="bench_host", name="Ana").entity_id
        room = rooms.open_room(host_id=host, title="Tea").entity_id
        rooms.start(room_id=room, by=host)
        took_ms = []
        for number in range(events):
            ask = rooms.join if number % 2 == 0 else rooms.leave
            receipt = ask(room_id=room, account_id=host)
            stored = time.monotonic()
            wait_until_projected([Directory.name], receipt.position)
            took_ms.append(1000 * (time.monotonic() - stored))
            time.sleep(PAUSE_S)
    finally:
        runner.stop()
        # It goes on listening, and the house ends first: no news.
        logging.getLogger("spaces_project.kernel.listener").setLevel(logging.ERROR)
    p99 = quantiles(took_ms, n=100)[98]
    return (
        f"live, {events} events: stored -> view p50 {median(took_ms):.1f} ms, p99 {p99:.1f} ms, "
        f"worst {max(took_ms):.1f} ms"
    )
