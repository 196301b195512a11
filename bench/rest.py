"""REST requests a second in the process that also serves sockets, beside gunicorn with threads.

Both run the same Django application on the same databases, with four threads, and are asked by wrk
over connections that stay open. The value of a round is the rate over as many requests to each of
three views: a small one without a query, one room, and a page of rooms.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench.harness import Better, Comparison, cpu_seconds, finish, in_turns
from bench.house import house
from bench.web_house import Evening, Server, fill, free_port, our_web, serving
from bench.wsgi_peers import GUNICORN, ensure_gunicorn, gunicorn_command
from spaces_project.launcher.trouble import Trouble

NAME: Final = "rest"
UNIT: Final = "requests a second"
PEER: Final = f"gunicorn {GUNICORN} gthread"
NEEDED: Final = {"wrk": ("wrk",)}
CONNECTIONS: Final = 16
WARMING_S: Final = 1
STARTING_S: Final = 40.0
ROOMS: Final = 40
INSIDE: Final = 20
TO_MS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0}
SETTINGS: Final = {"DJANGO_SETTINGS_MODULE": "bench.web_house.settings"}


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    seconds: int
    rounds: int


@dataclass(frozen=True)
class Rate:
    """What one view of one server gave."""

    requests_per_s: float
    cpu_us: float
    p50_ms: float
    p99_ms: float


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench rest", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="for each view of a round (3)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(wish.seconds, wish.rounds) <= 0:
        parser.error("seconds and rounds are more than nothing")
    turns = 2 * wish.rounds * 3 * (wish.seconds + WARMING_S + 1)
    return finish(partial(bench, wish), STARTING_S + turns, NEEDED)


def bench(wish: Wish) -> Comparison:
    """Run all rounds."""
    ours, peer = [], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spaces-bench-")))
        home = stack.enter_context(house(folder))
        evening = fill(ROOMS, INSIDE)
        mine = stack.enter_context(our_web(home, folder, environment=SETTINGS))
        port, modules = free_port(), {"PYTHONPATH": str(ensure_gunicorn())}
        other = stack.enter_context(
            serving(PEER, gunicorn_command(port), port, home, folder, {**SETTINGS, **modules})
        )
        sides = (partial(_measure, wish, evening, mine), partial(_measure, wish, evening, other))
        for first, second in in_turns(wish.rounds, *sides):
            ours.append(first)
            peer.append(second)
    return Comparison(NAME, PEER, UNIT, Better.HIGHER, ours, peer)


def _measure(wish: Wish, evening: Evening, server: Server) -> float:
    views = ("small", f"rooms/{evening.room}", "rooms?limit=20")
    rates = []
    for path in views:
        rates.append(_rate(wish, evening, server, path))
        _show(server, path.partition("/")[0], rates[-1])
    return overall(rates)


def overall(rates: Sequence[Rate]) -> float:
    """Return the rate over as many requests to each view: their harmonic mean."""
    return len(rates) / sum(1 / rate.requests_per_s for rate in rates)


def _rate(wish: Wish, evening: Evening, server: Server, path: str) -> Rate:
    url = f"http://127.0.0.1:{server.port}/api/v1/{path}"
    _wrk(url, evening.tokens[1], WARMING_S)
    before_s = cpu_seconds(server.process.pid)
    said = _wrk(url, evening.tokens[1], wish.seconds)
    return rate_of(said, cpu_seconds(server.process.pid) - before_s)


def rate_of(said: str, cpu_s: float) -> Rate:
    """Read what wrk printed.

    :raises Trouble: if not every request was answered with 2xx.
    """
    if "Non-2xx" in said or "Socket errors" in said:
        raise Trouble(f"Not every request was answered: {said.strip()}")
    requests = re.search(r"(\d+) requests in", said)
    per_s = re.search(r"Requests/sec:\s+([\d.]+)", said)
    shares = dict(re.findall(r"(50|99)%\s+([\d.]+(?:us|ms|s))", said))
    if requests is None or per_s is None or len(shares) != 2 or int(requests[1]) == 0:
        raise Trouble(f"wrk said something else: {said.strip()}")
    return Rate(
        float(per_s[1]), cpu_s * 1e6 / int(requests[1]), _ms(shares["50"]), _ms(shares["99"])
    )


def _ms(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s)", text)
    assert found
    return float(found[1]) * TO_MS[found[2]]


def _wrk(url: str, token: str, seconds: int) -> str:
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--latency"]
    command += ["--duration", f"{seconds}s", "--header", f"Authorization: Bearer {token}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise Trouble(f"wrk failed: {(said.stderr or said.stdout).strip()}")
    return said.stdout


def _show(server: Server, view: str, rate: Rate) -> None:
    sys.stdout.write(
        f"{server.name}: {view:<16} {rate.requests_per_s:>7.0f} requests/s, "
        f"{rate.cpu_us:>5.0f} us of CPU each, p50 {rate.p50_ms:.1f} ms, p99 {rate.p99_ms:.1f} ms\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
