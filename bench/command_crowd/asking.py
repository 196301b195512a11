"""Threads that do one thing after the other until the time is over; what both sides share."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

from bench.command_crowd import Done, Ready, wait_for

Asking = Callable[[], None]


def carry_on(asking: Sequence[Asking], seconds: float, go: Path) -> None:
    """Say that all is ready, wait for the word, let every thread ask, and print what was done.

    :param asking: for each thread, what it does again and again.
    """
    for ask in asking:
        ask()  # connections, caches and prepared statements are no part of the figure
    _say(Ready(os.getpid()))
    wait_for(go)
    spent_s: list[list[float]] = [[] for _ in asking]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_ask, args=(ask, began + seconds, spent), daemon=True)
        for ask, spent in zip(asking, spent_s, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s = time.perf_counter() - began
    each_ms = [spent * 1000 for of_thread in spent_s for spent in of_thread]
    p99_ms = quantiles(each_ms, n=100)[98] if len(each_ms) > 1 else each_ms[0]
    _say(Done(len(each_ms), took_s, median(each_ms), p99_ms))


def _ask(ask: Asking, until: float, spent_s: list[float]) -> None:
    ask()  # the thread's own connection
    before = time.perf_counter()
    while before < until:
        ask()
        now = time.perf_counter()
        spent_s.append(now - before)
        before = now


def _say(word: Ready | Done) -> None:
    sys.stdout.write(json.dumps(asdict(word)) + "\n")
    sys.stdout.flush()
