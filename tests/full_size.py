"""What a proof is told from outside, how it tells how far it is, and what it found at its end.

``./spaces prove`` sets the variables, from its options. Scenarios say with :func:`reached` where
they are; a heart beat prints that while a proof runs, and nobody hears it in a test.
"""

import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ALL: Final = 100  # percent
BEAT_S: Final = 10.0
PERCENT, SEED, ENDS = "SPACES_PROOF_PERCENT", "SPACES_TEST_SEED", "SPACES_PROOF_ENDS"

_place = ""


def sized(full: int, least: int = 1) -> int:
    """Return so much of a full size as was asked for: all of it, if nobody said anything.

    :param least: below which the proof would prove nothing.
    """
    percent = float(os.environ.get(PERCENT) or ALL)
    return max(least, round(full * percent / ALL))


def chosen_seed(otherwise: int | None = None) -> int:
    """Return the seed that was asked for; else the proof's own, or any."""
    asked = os.environ.get(SEED)
    if asked:
        return int(asked)
    return secrets.randbelow(2**32) if otherwise is None else otherwise


def reached(place: str) -> None:
    """Remember how far it is, in a few words: ``34 of 100 seeds``."""
    global _place  # noqa: PLW0603 one proof runs at a time, and its heart beats on another thread
    _place = place


def tried(n: int, what: str, seed: int | None, outcome: object = "") -> None:
    """Tell what was tried: how often, of what, with which seed, and what came of it.

    The line is printed here, and once more by ``./spaces prove`` when all is done.
    """
    percent = os.environ.get(PERCENT) or str(ALL)
    size = "" if percent == str(ALL) else f" ({percent} % of the full size)"
    by_chance = "" if seed is None else f", seed {seed}"
    line = f"N={n} {what}{size}{by_chance}" + (f": {outcome}" if outcome else "")
    print(line)
    if path := os.environ.get(ENDS):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


@contextmanager
def heart_beat(name: str, every_s: float = BEAT_S) -> Iterator[None]:
    """Print on stderr, again and again, that a proof is at work and how far it is."""
    reached("")
    began, over = time.monotonic(), threading.Event()

    def beat() -> None:
        while not over.wait(every_s):
            place = f": {_place}" if _place else ""
            sys.stderr.write(f".. {name}, {time.monotonic() - began:.0f} s{place}\n")
            sys.stderr.flush()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
