"""Events a second while a read model is rebuilt from the log, beside the bare library's runner.

Ours reads encrypted events into shadow tables and swaps them, by plain handlers (the figure that
counts) and by a fold; the library applies the same story, unencrypted, in a transaction an event.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from bench.harness import Better, Comparison, finish
from bench.house import House, house
from bench.lobbies.statements import LOBBY, ROWS
from bench.lobbies.story import story
from spaces_project.launcher.trouble import Trouble

NAME: Final = "rebuild"
UNIT: Final = "events/s, plain handlers"
SEED: Final = 14
PEER: Final = "eventsourcing 9.5.6, ProjectionRunner"
WITHIN_S: Final = 170.0


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    events: int
    peer_events: int
    live_events: int
    rounds: int


def main() -> int:
    """Measure both in turns, print rounds, table and the last line."""
    parser = argparse.ArgumentParser(prog="./spaces bench rebuild", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="in our log (100000)")
    parser.add_argument("--peer-events", type=int, default=5_000, help="in the peer's (5000)")
    parser.add_argument("--live-events", type=int, default=300, help="for the latency (300)")
    parser.add_argument("--rounds", type=int, default=3, help="of both sides each (3)")
    wish = Wish(**vars(parser.parse_args()))
    if min(vars(wish).values()) <= 0:
        parser.error("all of them are more than nothing")
    return finish(partial(bench, wish), WITHIN_S)


def bench(wish: Wish) -> Comparison:
    """Fill both logs, run all rounds, then measure how quickly a live view follows."""
    with tempfile.TemporaryDirectory(prefix="spaces-bench-") as name, house(Path(name)) as home:
        from bench.lobbies import latency  # noqa: PLC0415 - asks Django for its settings

        ours, theirs = OurSide(home, wish.events), TheirSide(home, wish.peer_events)
        mine: list[Rates] = []
        peer: list[float] = []
        for number in range(1, wish.rounds + 1):
            mine.append(ours.measure())
            peer.append(theirs.measure())
            _say(f"round {number}: {mine[-1]}, library {peer[-1]:.0f} events/s")
        fold = median(rates.fold for rates in mine) / median(peer)
        directory = median(rates.directory for rates in mine) / median(peer)
        _say(f"fold / library: {fold:.1f}; the product's own directory / library: {directory:.1f}")
        _say(latency.measure(wish.live_events))
        theirs.close()
    folded = [rates.fold for rates in mine]
    also = Comparison(f"{NAME} fold", PEER, UNIT, Better.HIGHER, folded, peer)
    _say(f"\n{also.table()}\n{also.last_line()}")
    return Comparison(NAME, PEER, UNIT, Better.HIGHER, [rates.plain for rates in mine], peer)


@dataclass(frozen=True)
class Rates:
    """Events a second of one round, by kind of read model."""

    plain: float
    fold: float
    directory: float

    def __str__(self) -> str:
        return f"plain {self.plain:.0f}, fold {self.fold:.0f}, directory {self.directory:.0f}"


class OurSide:
    """The product's log with the story in it."""

    def __init__(self, home: House, events: int) -> None:
        from bench.lobbies import ours  # noqa: PLC0415 - asks Django for its settings
        from rooms.projections.directory import Directory  # noqa: PLC0415

        self.url = home.log.url
        self._events = events
        began = time.monotonic()
        ours.store(story(events, SEED), self.url)
        _say(f"{events} events stored in {time.monotonic() - began:.1f} s")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(LOBBY)
        self._plain, self._fold, self._directory = (
            ours.PlainLobby(),
            ours.FoldedLobby(),
            Directory(),
        )
        self._seen: dict[str, list[Any]] = {}

    def measure(self) -> Rates:
        """Rebuild by plain handlers, by a fold, and the product's own; events a second of each."""
        from spaces_project.kernel.following.rebuild import rebuild  # noqa: PLC0415

        rates = []
        for read_model in (self._plain, self._fold, self._directory):
            began = time.monotonic()
            rebuild(read_model)
            rates.append(self._events / (time.monotonic() - began))
            self._seen[read_model.name] = rows_at(self.url)
        if self._seen[self._plain.name] != self._seen[self._fold.name]:
            raise Trouble("The fold and the plain handlers made different rows.")
        return Rates(*rates)


class TheirSide:
    """The bare library with a shorter piece of such a story in its own database."""

    def __init__(self, home: House, events: int) -> None:
        from bench.lobbies import theirs  # noqa: PLC0415 - for symmetry

        self.events = events
        self.url = make_conninfo(home.log.url, dbname=theirs.NAME)
        self._application = home.peer_application(theirs.NAME, theirs.Lobbies, pool=4)
        self._settings = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": theirs.NAME,
            "POSTGRES_HOST": str(home.log.sockets),
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "",
        }
        theirs.store(story(events, SEED), self._application, self.url)
        self._project = theirs.project

    def measure(self) -> float:
        """Make the lobby anew; return events a second."""
        return self.events / self._project(self._settings, self.url, self.events)

    def close(self) -> None:
        """Close the application's connections."""
        self._application.close()


def rows_at(url: str) -> list[Any]:
    """Return the lobby of one side."""
    with psycopg.connect(url) as connection:
        return connection.execute(ROWS.encode()).fetchall()


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
